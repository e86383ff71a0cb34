package io.throughline.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.event.WorkspaceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

class ProfileUpdatesTest {
    private static final WorkspaceId WORKSPACE = new WorkspaceId(3);

    @Test
    void anUpdateReadsAsItWasWritten() {
        ProfileUpdate update =
                new ProfileUpdate(
                        WORKSPACE, 7, 9, Instant.ofEpochMilli(1_234), 0, List.of(item("a", 10)));
        assertThat(ProfileUpdates.decode(ProfileUpdates.encode(update))).isEqualTo(update);
    }

    @Test
    void aVersionThatOwesLittleIsOneRecord() {
        assertThat(records(List.of(item("a", 10), item("b", 10)))).hasSize(1);
    }

    @Test
    void aVersionThatOwesMuchIsSeveralRecordsWhichNumberItsItemsOn() {
        List<ProfileUpdate.Item> items =
                IntStream.range(0, 40).mapToObj(i -> item("item " + i, 30_000)).toList();
        List<byte[]> records = records(items);
        assertThat(records)
                .hasSizeGreaterThan(1)
                .allSatisfy(record ->
                        assertThat(record.length)
                                .isLessThan(ProfileUpdates.MAX_ITEM_CHARACTERS + 1_000));
        List<ProfileUpdate.Item> read = new ArrayList<>();
        for (byte[] record : records) {
            ProfileUpdate update = ProfileUpdates.decode(record);
            assertThat(update.firstItem()).isEqualTo(read.size());
            assertThat(update.version()).isEqualTo(9);
            read.addAll(update.items());
        }
        assertThat(read).isEqualTo(items);
    }

    private static List<byte[]> records(List<ProfileUpdate.Item> items) {
        return ProfileUpdates.records(
                WORKSPACE, 7, 9, 1_234, ProfileUpdates.items(items).toString());
    }

    private static ProfileUpdate.Item item(String type, int length) {
        return new ProfileUpdate.Item(
                type, JsonNodeFactory.instance.objectNode().put("text", "x".repeat(length)));
    }
}
