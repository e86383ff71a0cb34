package io.throughline.debug;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.stereotype.Component;

/** The meters of this module, explained in its package documentation. */
@Component
class DebugMetrics {
    private final AtomicInteger watchers = new AtomicInteger();
    private final Counter missed;

    DebugMetrics(MeterRegistry meters) {
        meters.gauge("throughline.debug.watchers", watchers);
        this.missed = meters.counter("throughline.debug.missed");
    }

    void watchers(int now) {
        watchers.set(now);
    }

    void missed(long count) {
        missed.increment(count);
    }
}
