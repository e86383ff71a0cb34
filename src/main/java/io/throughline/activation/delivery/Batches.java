package io.throughline.activation.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.throughline.profile.ProfileUpdate;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What goes into one request, and its bytes. Pure. */
final class Batches {
    /** Of one request's messages, in bytes; a larger message goes alone. */
    private static final int LARGEST = 1024 * 1024;

    private static final byte[] MESSAGE = "{\"type\":".getBytes(UTF_8);

    private Batches() {}

    /** Of a destination's rows, those that failed equally often. */
    private record Kind(long destination, int attempts) {}

    /**
     * In the order given: single messages, and batches where their destination takes them. What
     * failed goes in smaller batches each time, by itself in the end: one message that a receiver
     * refuses must not take others with it.
     */
    static List<List<Leased>> of(List<Leased> leased, Receivers receivers) {
        List<List<Leased>> groups = new ArrayList<>();
        Map<Kind, List<Leased>> open = new HashMap<>();
        Map<Kind, Integer> bytes = new HashMap<>();
        for (Leased one : leased) {
            Kind kind = new Kind(one.lane().destination(), one.row().attempts());
            Receiver receiver = receivers.find(kind.destination());
            int most = receiver == null ? 1 : most(receiver, kind.attempts());
            List<Leased> group = open.get(kind);
            int size = bytes.getOrDefault(kind, 0) + one.body().length;
            if (group == null || group.size() >= most || size > LARGEST) {
                group = new ArrayList<>();
                groups.add(group);
                open.put(kind, group);
                size = one.body().length;
            }
            group.add(one);
            bytes.put(kind, size);
        }
        return groups;
    }

    /** A quarter with each attempt. */
    private static int most(Receiver receiver, int attempts) {
        return attempts > 5 ? 1 : Math.max(1, receiver.batchSize() >> (2 * attempts));
    }

    /**
     * One request.
     *
     * @param webhookId of the message where it goes alone; of the whole where it is an array
     */
    record Request(UUID webhookId, byte[] body) {}

    /**
     * @param group at least one; what a destination that takes batches is sent is an array
     */
    static Request request(List<Leased> group, Receiver receiver) {
        Leased first = group.getFirst();
        if (!receiver.takesBatches()) {
            return new Request(first.webhookId(), first.body());
        }
        byte[] body = array(group.stream().map(one -> element(one, receiver)).toList());
        return new Request(WebhookIds.of(first.row().id(), body), body);
    }

    private static byte[] array(List<byte[]> elements) {
        ByteArrayOutputStream array = new ByteArrayOutputStream();
        byte separator = '[';
        for (byte[] element : elements) {
            array.write(separator);
            array.writeBytes(element);
            separator = ',';
        }
        array.write(']');
        return array.toByteArray();
    }

    /** As the destination gets one message that is no delivery. */
    static byte[] alone(String webhookId, byte[] message, Receiver receiver) {
        return receiver.takesBatches() ? array(List.of(withId(webhookId, message))) : message;
    }

    /**
     * A message of ours with its id, by which a receiver knows it again in another batch; what a
     * transform has made is left as it is.
     */
    private static byte[] element(Leased leased, Receiver receiver) {
        boolean asItIs =
                receiver.tailoring().transform() == null
                        || leased.row().type().equals(ProfileUpdate.ERASED);
        return asItIs ? withId(WebhookIds.shown(leased.webhookId()), leased.body()) : leased.body();
    }

    /** Only a message that was made before a transform was removed starts otherwise. */
    private static byte[] withId(String webhookId, byte[] message) {
        if (!startsWith(message, MESSAGE)) {
            return message;
        }
        ByteArrayOutputStream element = new ByteArrayOutputStream(message.length + 64);
        element.writeBytes(("{\"id\":\"" + webhookId + "\",").getBytes(UTF_8));
        element.write(message, 1, message.length - 1);
        return element.toByteArray();
    }

    private static boolean startsWith(byte[] body, byte[] start) {
        return body.length >= start.length
                && Arrays.equals(body, 0, start.length, start, 0, start.length);
    }
}
