package io.throughline.demo;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The last webhooks of the profiles that were looked at or sent to most recently: at most 40 of a
 * profile, 500 profiles and 16 MB. Thread-safe; gone with the process.
 */
final class ReceivedWebhooks {
    static final int MOST_OF_A_PROFILE = 40;
    private static final int MOST_PROFILES = 500;
    private static final long MOST_BYTES = 16L << 20;

    private final Map<String, Map<String, ReceivedWebhook>> byProfile =
            new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /** A repeated attempt takes the place of the one before. */
    synchronized void add(ReceivedWebhook webhook) {
        Map<String, ReceivedWebhook> own =
                byProfile.computeIfAbsent(webhook.profileId(), id -> new LinkedHashMap<>());
        ReceivedWebhook before = own.remove(webhook.id());
        own.put(webhook.id(), before == null ? webhook : webhook.again(before.attempts()));
        bytes += webhook.weight() - weight(before);
        if (own.size() > MOST_OF_A_PROFILE) {
            Iterator<ReceivedWebhook> oldest = own.values().iterator();
            bytes -= oldest.next().weight();
            oldest.remove();
        }
        while (byProfile.size() > MOST_PROFILES || (bytes > MOST_BYTES && byProfile.size() > 1)) {
            forgetEldest();
        }
    }

    private void forgetEldest() {
        Iterator<Map<String, ReceivedWebhook>> eldest = byProfile.values().iterator();
        eldest.next().values().forEach(webhook -> bytes -= webhook.weight());
        eldest.remove();
    }

    /** Of these profiles, newest first. */
    synchronized List<ReceivedWebhook> of(Collection<String> profiles) {
        List<ReceivedWebhook> found = new ArrayList<>();
        for (String profile : profiles) {
            Map<String, ReceivedWebhook> own = byProfile.get(profile);
            if (own != null) {
                found.addAll(own.values());
            }
        }
        found.sort(
                Comparator.comparing(ReceivedWebhook::receivedAt)
                        .thenComparing(ReceivedWebhook::id)
                        .reversed());
        return found;
    }

    synchronized Optional<ReceivedWebhook> find(Collection<String> profiles, String id) {
        return of(profiles).stream().filter(webhook -> webhook.id().equals(id)).findFirst();
    }

    private static long weight(@Nullable ReceivedWebhook webhook) {
        return webhook == null ? 0 : webhook.weight();
    }
}
