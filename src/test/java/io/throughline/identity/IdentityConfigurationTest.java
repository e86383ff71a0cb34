package io.throughline.identity;

import static io.throughline.testing.Events.aPage;
import static io.throughline.testing.Events.anAlias;
import static io.throughline.testing.Events.anIdentify;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.throughline.identity.IdentityShape.BlockedShape;
import io.throughline.identity.IdentityShape.TypeShape;
import io.throughline.identity.IdentityShape.Unlisted;
import io.throughline.platform.web.ProblemException;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdentityConfigurationTest {
    private static final String CARD =
            "{\"externalIds\":[{\"type\":\"card\",\"id\":\"4711\",\"collection\":\"users\"}]}";

    @Test
    void aStrongerTypeIsTheAnchorAndItsLinksAreStronger() {
        var event = anIdentify().on("a1").with("{\"email\":\"x@y.com\"}").inContext(CARD).build();

        EventIdentifiers before = EventIdentifiers.of(event, IdentityConfiguration.DEFAULT);
        assertThat(before.anchor()).hasToString("email:x@y.com");
        assertThat(before.claims())
                .extracting(EventIdentifiers.Claim::strength)
                .containsExactly(4, 10);

        EventIdentifiers after = EventIdentifiers.of(event, types(new TypeShape("card", 1, 1, 1)));
        assertThat(after.anchor()).as("by name, where two are equal").hasToString("card:4711");
        assertThat(after.claims())
                .extracting(EventIdentifiers.Claim::strength)
                .containsExactly(2, 10);
    }

    @Test
    void ignoresTypesThatAreNotListed() {
        var event = aPage().on("a1").inContext(CARD).build();
        IdentityConfiguration ignoring =
                IdentityConfiguration.of(1, new IdentityShape(null, Unlisted.IGNORE, null));
        assertThat(EventIdentifiers.of(event, ignoring).carried()).hasToString("[anonymous_id:a1]");
        IdentityConfiguration listing =
                IdentityConfiguration.of(
                        1,
                        new IdentityShape(
                                List.of(new TypeShape("card", null, null, null)),
                                Unlisted.IGNORE,
                                null));
        assertThat(EventIdentifiers.of(event, listing).carried()).hasSize(2);
    }

    @Test
    void whatIsBlockedIsNoIdentifierNotEvenOfAnAlias() {
        IdentityConfiguration blocking = blocking(new BlockedShape(null, "KIOSK*"));
        var alias = anAlias("kiosk-1").by("anna").on("kiosk-2").fromServer().build();
        EventIdentifiers found = EventIdentifiers.of(alias, blocking);
        assertThat(found.carried()).hasToString("[user_id:anna]");
        assertThat(found.claims()).isEmpty();
        assertThat(EventIdentifiers.of(aPage().on("kiosk-1").build(), blocking).anchor()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "email, INFO@shop.example, email, info@shop.example, true",
        "email, info@shop.example, user_id, info@shop.example, false",
        ", info@shop.example, user_id, Info@Shop.Example, true",
        "email, *@shop.example, email, anna@shop.example, true",
        "email, *@shop.example, email, anna@shop.example.org, false",
        "email, *@shop.example*, email, anna@shop.example.org, true",
        "user_id, staff-*, user_id, Staff-7, true",
        "user_id, staff-*, user_id, xstaff-7, false",
        "phone, *, phone, +491234567, true",
        "phone, *, email, a@b.com, false",
        ", ' 4711 ', card, 4711, true",
    })
    void comparesWithoutCaseAndWithStarsAtTheEnds(
            @Nullable String type, String blocked, String of, String value, boolean expected) {
        assertThat(blocking(new BlockedShape(type, blocked)).isRefused(new Identifier(of, value)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "user_id,,,, types[0].type",
        "Card,,,, types[0].type",
        "email, 2,,, types[0].priority",
        "card, 9,,, types[0].priority",
        "card,, 1001,, types[0].limit",
    })
    void saysWhichFieldCannotBe(
            String type,
            @Nullable Integer priority,
            @Nullable Integer limit,
            @Nullable Integer shared,
            String field) {
        assertThatThrownBy(() -> types(new TypeShape(type, priority, limit, shared)))
                .isInstanceOf(ProblemException.class)
                .hasMessageStartingWith(field + " ");
    }

    @ParameterizedTest
    @CsvSource({"'', 'a*b'", "'', '*'", "'', ''", "email, ' '", "Email, a@b.com"})
    void saysWhichBlockedValueSaysNothingOrTooMuch(String type, String value) {
        assertThatThrownBy(() -> blocking(new BlockedShape(type.isEmpty() ? null : type, value)))
                .isInstanceOf(ProblemException.class)
                .hasMessageStartingWith("blocked[0].");
    }

    @Test
    void isBounded() {
        assertThatThrownBy(() ->
                        IdentityConfiguration.of(
                                1,
                                new IdentityShape(
                                        null,
                                        null,
                                        IntStream.range(0, 1_001)
                                                .mapToObj(i -> new BlockedShape(null, "x" + i))
                                                .toList())))
                .hasMessageStartingWith("blocked ");
        assertThatThrownBy(() -> blocking(new BlockedShape(null, "*" + "a".repeat(33) + "*")))
                .hasMessageStartingWith("blocked[0].value ");
        List<BlockedShape> patterns =
                IntStream.range(0, 101).mapToObj(i -> new BlockedShape("email", i + "*")).toList();
        assertThatThrownBy(
                        () -> IdentityConfiguration.of(1, new IdentityShape(null, null, patterns)))
                .hasMessageStartingWith("blocked[100].value ");
    }

    /** What was accepted is read again for ever. */
    @Test
    void theLargestIsReadAgain() {
        IdentityConfiguration largest = types(manyTypes(50));
        assertThat(IdentityConfiguration.of(1, largest.shape()).shape()).isEqualTo(largest.shape());
        assertThatThrownBy(() -> types(manyTypes(51))).hasMessageStartingWith("types[50] ");
    }

    private static TypeShape[] manyTypes(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new TypeShape("t" + i, null, null, null))
                .toArray(TypeShape[]::new);
    }

    /** More than 20 external ids: those that count stay, the strongest first. */
    @Test
    void whatIsIgnoredTakesNoPlaceOfWhatIsListed() {
        String others =
                String.join(
                        ",",
                        IntStream.range(0, 25)
                                .mapToObj("{\"type\":\"a%d\",\"id\":\"1x\"}"::formatted)
                                .toList());
        var event = aPage().inContext(CARD.replace("[", "[" + others + ",")).build();
        IdentityConfiguration listing =
                IdentityConfiguration.of(
                        1,
                        new IdentityShape(
                                List.of(new TypeShape("card", null, null, null)),
                                Unlisted.IGNORE,
                                null));
        assertThat(EventIdentifiers.of(event, listing).carried()).hasToString("[card:4711]");
        assertThat(EventIdentifiers.of(event, types(new TypeShape("card", 1, null, null))).anchor())
                .hasToString("card:4711");
    }

    @Test
    void whatItSaysMakesTheSameAgain() {
        IdentityConfiguration one = types(new TypeShape("card", 2, null, 7));
        assertThat(IdentityConfiguration.of(2, one.shape()).shape()).isEqualTo(one.shape());
        assertThat(one.shape().types())
                .containsExactly(
                        new TypeShape("anonymous_id", 9, 1_000, 10),
                        new TypeShape("card", 2, 5, 7),
                        new TypeShape("email", 1, 5, 5),
                        new TypeShape("phone", 2, 5, 5));
    }

    private static IdentityConfiguration types(TypeShape... types) {
        return IdentityConfiguration.of(1, new IdentityShape(List.of(types), null, null));
    }

    private static IdentityConfiguration blocking(BlockedShape... blocked) {
        return IdentityConfiguration.of(1, new IdentityShape(null, null, List.of(blocked)));
    }
}
