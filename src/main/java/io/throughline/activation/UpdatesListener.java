package io.throughline.activation;

import io.throughline.activation.delivery.Deliveries;
import io.throughline.profile.ProfileUpdate;
import io.throughline.profile.ProfileUpdates;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.annotation.KafkaListener;

/**
 * Reads updates in batches. The offset is committed after the transaction that stored what they
 * owe; a batch that could not be stored comes again until it can.
 */
class UpdatesListener {
    static final String GROUP = "throughline-activation";
    private static final Logger LOG = LoggerFactory.getLogger(UpdatesListener.class);

    private final Deliveries deliveries;

    UpdatesListener(Deliveries deliveries) {
        this.deliveries = deliveries;
    }

    @KafkaListener(
            id = GROUP,
            topics = ProfileUpdate.TOPIC,
            containerFactory = "updatesContainerFactory")
    void onUpdates(List<ConsumerRecord<String, byte[]>> records) {
        List<ProfileUpdate> updates = new ArrayList<>(records.size());
        for (ConsumerRecord<String, byte[]> record : records) {
            try {
                updates.add(ProfileUpdates.decode(record.value()));
            } catch (RuntimeException e) {
                deliveries.skippedUnreadable();
                LOG.error(
                        "The record {}-{}@{} is no update; it is skipped",
                        record.topic(),
                        record.partition(),
                        record.offset(),
                        e);
            }
        }
        try {
            deliveries.accept(updates);
        } catch (OutOfMemoryError e) {
            // an Error ends the container for good; the batch comes again
            throw new IllegalStateException(e);
        }
    }
}
