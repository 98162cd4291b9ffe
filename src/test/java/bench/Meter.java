package bench;

import java.util.List;

/** What the processes use from now on. */
final class Meter {

    private final List<Long> services;
    private final long postgres;
    private final long redis;
    private final long servicesBefore;
    private final long postgresBefore;
    private final long redisBefore;

    Meter(List<Long> services, long postgres, long redis) {
        this.services = services;
        this.postgres = postgres;
        this.redis = redis;
        servicesBefore = ofServices();
        postgresBefore = Usage.of(postgres).cpuMicros();
        redisBefore = Usage.of(redis).cpuMicros();
    }

    /** What they have used, of processor by each log. */
    Cost per(long logs) {
        return new Cost(
                (double) (ofServices() - servicesBefore) / logs,
                (double) (Usage.of(postgres).cpuMicros() - postgresBefore) / logs,
                (double) (Usage.of(redis).cpuMicros() - redisBefore) / logs,
                services.stream()
                                .mapToLong(pid -> Usage.of(pid).peakBytes())
                                .max()
                                .orElse(0)
                        >> 20);
    }

    private long ofServices() {
        return services.stream().mapToLong(pid -> Usage.of(pid).cpuMicros()).sum();
    }

    /**
     * @param service microseconds of processor by each log, all processes of the service together
     * @param peakMiB of the largest process of the service, since its start
     */
    record Cost(double service, double postgres, double redis, long peakMiB) {

        static final Cost UNKNOWN = new Cost(Double.NaN, Double.NaN, Double.NaN, 0);
    }
}
