package io.throughline.identity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NormalizationTest {

    @ParameterizedTest
    @CsvSource({
        "user_id, 42, 42",
        "user_id, ' Anna ', Anna",
        "user_id, anna, anna",
        "email, ' Jane@X.COM ', jane@x.com",
        "email, o'neil+shop@mail.example.co.uk, o'neil+shop@mail.example.co.uk",
        "phone, +49 (170) 123-45 67, +491701234567",
        "phone, 555 123 45 67, 5551234567",
        "anonymous_id, 5f2e, 5f2e",
        "crm_id, A-1, A-1",
    })
    void usableValuesAreNormalised(String type, String raw, String value) {
        assertThat(Normalization.identifier(type, raw)).contains(new Identifier(type, value));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "NULL",
                "'null'",
                "\"undefined\"",
                "`nan`",
                "\"'none'\"",
                "0",
                "000",
                "0-0-0",
                "00000000-0000-0000-0000-000000000000",
                "-1",
                "-",
                "[]",
                "{}",
                "[object Object]",
                "true",
                "False",
                "n/a",
                "unknown",
                "Anonymous",
                "guest",
                "not_authenticated",
                "test",
                "void",
                "user_id",
                "userId",
                "line\nbreak",
                "nul\u0000"
            })
    void placeholdersAreNoIdentifiers(String raw) {
        assertThat(Normalization.identifier(Identifier.USER_ID, raw)).isEmpty();
        assertThat(Normalization.identifier(Identifier.ANONYMOUS_ID, raw)).isEmpty();
        assertThat(Normalization.identifier("crm_id", raw)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jane",
                "jane@",
                "@x.com",
                "jane@x",
                "a b@x.com",
                "test@test.com",
                "guest@any.shop",
                "No-Reply@any.shop",
                "noreply@x.com",
                "anonymous@x.com",
                "admin@example.com",
                "a@b@c.com",
                "jane@x.com."
            })
    void mailboxesOfNobodyAreNoIdentifiers(String raw) {
        assertThat(Normalization.identifier(Identifier.EMAIL, raw)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"123456", "+12 34 56", "phone", "0000000", "call me"})
    void shortNumbersAreNoPhones(String raw) {
        assertThat(Normalization.identifier(Identifier.PHONE, raw)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"512, true", "513, false"})
    void anIdentifierHasAtMost512Bytes(int length, boolean usable) {
        assertThat(Normalization.identifier(Identifier.USER_ID, "x".repeat(length)).isPresent())
                .isEqualTo(usable);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Ame\u0301lie", "Am\u00e9lie"})
    void composedAndDecomposedLettersAreTheSame(String raw) {
        assertThat(Normalization.identifier(Identifier.USER_ID, raw))
                .contains(new Identifier(Identifier.USER_ID, "Am\u00e9lie"));
    }
}
