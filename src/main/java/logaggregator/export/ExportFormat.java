package logaggregator.export;

/** What exported logs may be written as. */
public enum ExportFormat {
    NDJSON("application/x-ndjson"),
    CSV("text/csv;charset=UTF-8;header=present"),
    PARQUET("application/vnd.apache.parquet");

    private final String contentType;

    ExportFormat(String contentType) {
        this.contentType = contentType;
    }

    public String contentType() {
        return contentType;
    }
}
