package logaggregator.search;

/** A search can't be understood; the message says where and why and is meant for the client. */
public class InvalidSearchException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int position;

    /** @param position of the first character that can't be understood, from 1; 0 when it isn't one place */
    InvalidSearchException(int position, String message) {
        super(position == 0 ? message : message + ", at position " + position);
        this.position = position;
    }

    /** Of the first character that can't be understood, from 1; 0 when it isn't one place. */
    public int position() {
        return position;
    }
}
