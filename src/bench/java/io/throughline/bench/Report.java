package io.throughline.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;

/**
 * The table, of one run.
 *
 * @param busy the machine's load before the run
 * @param kafka records a second of the broker alone
 * @param postgres rows a second of the database alone
 * @param limits who used the cores while those two were asked
 * @param end the meters after everything
 */
record Report(
        Options options,
        String busy,
        String durability,
        double kafka,
        double postgres,
        Cpu limits,
        Benchmark.Full full,
        Benchmark.Half half,
        Benchmark.Singles singles,
        Meters end) {
    private static final String START = "<!-- measured: written by src/bench/run -->";
    private static final String END = "<!-- /measured -->";

    /** Above this the figures say more about the machine's other work than about the product. */
    private static final double OTHERS = 0.1;

    /** Whether the machine was left to the run, so that the table may go onto the page. */
    boolean isQuotable() {
        return full.drained()
                && half.drained()
                && singles.drained()
                && limits.others() < OTHERS
                && full.cpu().others() < OTHERS
                && half.cpu().others() < OTHERS;
    }

    String table() {
        StringBuilder table = new StringBuilder();
        try {
            table.append("%s, commit %s, `src/bench/run`%n%n".formatted(today(), options.commit()));
            table.append("Machine: ").append(Machine.description()).append(". ");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        table.append(
                "Load average before the run: %s. %s. Destination: %s, %d at a time.%n%n"
                        .formatted(busy, durability, options.types(), options.concurrency()));
        table.append("| what | figure |\n|---|---|\n");
        limits(table);
        fullLoad(table);
        halfLoad(table);
        single(table);
        row(table, "accepted − stored at the end", number(missing()));
        row(
                table,
                "cores used by other processes: limits / full / half load",
                percent(limits.others())
                        + " / "
                        + percent(full.cpu().others())
                        + " / "
                        + percent(half.cpu().others()));
        if (!isQuotable()) {
            table.append("\n**Not to be quoted**, and not written onto the page: the machine had")
                    .append(" other work, or the log was not drained in time.\n");
        }
        return table.toString();
    }

    private void limits(StringBuilder table) {
        row(
                table,
                "the machine: Kafka producer alone, 442 B, acks=all",
                number(kafka) + " records/s");
        row(
                table,
                "the machine: PostgreSQL alone, one connection, batches of 1,000",
                number(postgres) + " rows/s");
    }

    private void fullLoad(StringBuilder table) {
        Load.Sent sent = full.sent();
        row(
                table,
                "accepted (batches of 100, %d in flight, %s events)"
                        .formatted(options.senders(), number((double) sent.events())),
                "**%s events/s**".formatted(number(sent.perSecond())));
        row(
                table,
                "drained to profile: until the last is on its profile",
                "**%s events/s**".formatted(number(full.toProfile())));
        row(
                table,
                "drained end to end: until the last webhook of them has arrived",
                "**%s events/s** (%s webhooks)%s"
                        .formatted(
                                number(full.endToEnd()),
                                number(full.webhooks()),
                                full.drained() ? "" : " (had not ended in time)"));
        row(table, "ack p99 at full load", millis(sent.acks(), 0.99));
        cpu(table, "full load", full.cpu(), sent);
        row(table, "where the resolve transaction's time goes", full.phases().shares());
    }

    private void halfLoad(StringBuilder table) {
        Load.Sent sent = half.sent();
        Latencies profile = half.markers().toProfile();
        Latencies webhook = half.markers().toWebhook();
        row(
                table,
                "half load",
                "%s events/s for %d s"
                        .formatted(number(half.rate()), options.halfLoad().toSeconds()));
        cpu(table, "half load", half.cpu(), sent);
        row(table, "ack p50 / p99", both(sent.acks()));
        row(
                table,
                "event to profile p50 / p99 (%d asked for, %d not seen within 20 s)"
                        .formatted(half.markers().asked(), half.markers().givenUp()),
                "**%s**".formatted(both(profile)));
        row(
                table,
                "event to webhook p50 / p99 (%d of %d arrived)"
                        .formatted(webhook.count(), half.markers().sent()),
                "**%s**".formatted(both(webhook)));
        row(
                table,
                "requests refused and sent again, full / half load",
                full.sent().refused() + " / " + sent.refused());
        row(
                table,
                "webhooks of the whole run, warm-up included: succeeded / coalesced / cancelled / dead",
                "%s / %s / %s / %s"
                        .formatted(
                                number(end.deliveries("succeeded")),
                                number(end.deliveries("coalesced")),
                                number(end.deliveries("cancelled")),
                                number(end.deliveries("dead"))));
    }

    private void single(StringBuilder table) {
        row(
                table,
                "accepted one by one (single events, %d in flight, %s events)"
                        .formatted(
                                options.singleSenders(), number((double) singles.full().events())),
                "**%s events/s**".formatted(number(singles.full().perSecond())));
        row(
                table,
                "single events at %s a second: ack p50 / p99"
                        .formatted(number((double) options.singleRate())),
                "**%s**".formatted(both(singles.paced().acks())));
        cpu(table, "that rate of single events", singles.cpu(), singles.paced());
    }

    private static void cpu(StringBuilder table, String load, Cpu cpu, Load.Sent sent) {
        row(
                table,
                "CPU an event at " + load + ": server with broker / PostgreSQL / generator",
                "%d / %d / %d µs"
                        .formatted(
                                Cpu.each(cpu.server(), sent.events()),
                                Cpu.each(cpu.postgres(), sent.events()),
                                Cpu.each(cpu.generator(), sent.events())));
    }

    /** Published counts what the log took, so it also holds what was answered with 503. */
    private double missing() {
        return end.sum("throughline_collect_published_total") - end.resolved();
    }

    private static void row(StringBuilder table, String what, String figure) {
        table.append("| ").append(what).append(" | ").append(figure).append(" |\n");
    }

    private static String both(Latencies latencies) {
        return millis(latencies, 0.5) + " / " + millis(latencies, 0.99);
    }

    private static String millis(Latencies latencies, double share) {
        double millis = latencies.millis(share);
        return Double.isNaN(millis) ? "none" : String.format(Locale.ROOT, "%,.0f ms", millis);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }

    private static String percent(double share) {
        return Double.isNaN(share) ? "unknown" : Math.round(share * 100) + " %";
    }

    private static String today() {
        return LocalDate.now(ZoneOffset.UTC).toString();
    }

    /** Replaces what the last run wrote between the two markers of the page. */
    void writeInto(Path page) throws IOException {
        if (!Files.exists(page)) {
            return;
        }
        String text = Files.readString(page);
        int start = text.indexOf(START);
        int end = text.indexOf(END);
        if (start < 0 || end < start) {
            throw new IOException(page + " has no place for the table: " + START + " … " + END);
        }
        Files.writeString(
                page,
                text.substring(0, start + START.length()) + "\n" + table() + text.substring(end));
    }
}
