package logaggregator.limit;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;

/** Buckets that all processes take from. What is done to one throws some exception while they can't be reached. */
public interface SharedBuckets {

    /**
     * A bucket, which is made when it is first used.
     *
     * @param unsynchronized how many tokens may be taken before others learn of it
     */
    Bucket bucket(String name, BucketConfiguration configuration, long unsynchronized);
}
