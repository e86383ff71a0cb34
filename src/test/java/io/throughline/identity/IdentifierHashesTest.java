package io.throughline.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.event.WorkspaceId;
import io.throughline.platform.crypto.MasterKey;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IdentifierHashesTest {
    /** The bytes 0123456789abcdef, twice. */
    private static final MasterKey MASTER_KEY =
            MasterKey.parse("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=", "the test");

    /** Computed elsewhere: a version that hashes otherwise forgets what was erased before it. */
    @Test
    void arePartOfWhatTheDatabaseHolds() {
        assertThat(hex(MASTER_KEY, key(1, "email", "änna@example.com"), key(2, "user_id", "42")))
                .containsExactly(
                        "b6aec7f72215ef1e5d6ef30214613b3163c2c0310bdfe5e6d4447563db7d558f",
                        "51433753c437e6b2a7de5578c73931833cd05a680d895aa729391f5ed52cd01e");
    }

    @Test
    void keepApartWhatDiffersInWorkspaceTypeOrValue() {
        Set<String> hashes =
                new HashSet<>(
                        hex(
                                MASTER_KEY,
                                key(1, "ab", "c"),
                                key(1, "a", "bc"),
                                key(1, "ab", "d"),
                                key(2, "ab", "c")));
        assertThat(hashes).hasSize(4);
    }

    @Test
    void tellNothingWithoutTheKey() {
        MasterKey other = MasterKey.parse("A".repeat(43) + "=", "the test");
        assertThat(hex(MASTER_KEY, key(1, "user_id", "42")))
                .isNotEqualTo(hex(other, key(1, "user_id", "42")));
    }

    private static List<String> hex(MasterKey masterKey, NodeKey... identifiers) {
        return IdentifierHashes.ofTombstones(masterKey).of(List.of(identifiers)).stream()
                .map(HexFormat.of()::formatHex)
                .toList();
    }

    private static NodeKey key(int workspace, String type, String value) {
        return new NodeKey(new WorkspaceId(workspace), new Identifier(type, value));
    }
}
