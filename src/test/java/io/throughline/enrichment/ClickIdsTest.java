package io.throughline.enrichment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ClickIdsTest {
    private static final Path SDK = Path.of("src/main/js/context.js");

    @Test
    void theSdkKnowsEveryPaidOne() throws IOException {
        Matcher list =
                Pattern.compile("const CLICK_IDS =\\s+'([^']+)'").matcher(Files.readString(SDK));
        assertThat(list.find()).isTrue();
        List<String> known = List.of(list.group(1).toLowerCase(Locale.ROOT).split(" "));
        assertThat(Campaigns.CLICK_IDS.entrySet())
                .filteredOn(one -> one.getValue() == ReferrerClass.PAID)
                .extracting(Map.Entry::getKey)
                .isNotEmpty()
                .isSubsetOf(known);
    }
}
