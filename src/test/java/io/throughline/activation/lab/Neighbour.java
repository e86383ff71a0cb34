package io.throughline.activation.lab;

import io.throughline.activation.lab.RawReceiver.Connection;
import io.throughline.activation.lab.RawReceiver.Request;
import io.throughline.profile.ProfileId;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A receiver that does its work, and notes when what arrived. */
final class Neighbour implements AutoCloseable {
    private static final long WORK = TimeUnit.MILLISECONDS.toNanos(40);

    final RawReceiver receiver = new RawReceiver(this::meet);
    final Map<String, Long> nanos = new ConcurrentHashMap<>();
    final Set<String> forged = ConcurrentHashMap.newKeySet();
    volatile String secret = "";

    private void meet(Request request, Connection connection) throws IOException {
        nanos.putIfAbsent(request.json().at("/data/profileId").stringValue(), System.nanoTime());
        if (!request.isSignedWith(secret)) {
            forged.add(request.id());
        }
        LockSupport.parkNanos(WORK);
        connection.answer(200);
    }

    long arrivedAt(long profile) {
        return Objects.requireNonNull(nanos.get(ProfileId.encode(profile)));
    }

    @Override
    public void close() {
        receiver.close();
    }
}
