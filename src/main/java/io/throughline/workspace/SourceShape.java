package io.throughline.workspace;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What people decide about a source.
 *
 * @param trusted true for a server-side source; false when not given
 * @param eventsPerSecond kept for the rate above which it will be answered 429; nothing is refused
 *     yet
 * @param allowedOrigins browser origins that may send; any when not given or empty
 * @param currency ISO 4217, of amounts that name none; USD when not given
 */
record SourceShape(
        @NotBlank @Size(max = 200) String name,
        @Nullable Boolean trusted,
        @Nullable @Positive @Max(1_000_000) Integer eventsPerSecond,
        @Nullable @Size(max = 100)
                List<
                                @Pattern(
                                        regexp = "https?://[^\\s/?#@]{1,255}",
                                        message =
                                                "must be an origin such as https://shop.example,"
                                                        + " without a path")
                                String>
                        allowedOrigins,
        @Nullable
                @Pattern(
                        regexp = "[A-Z]{3}",
                        message = "must be three capital letters of ISO 4217, such as EUR")
                String currency) {
    boolean serverSide() {
        return Boolean.TRUE.equals(trusted);
    }

    String currencyOrDefault() {
        return currency == null ? Source.DEFAULT_CURRENCY : currency;
    }

    List<String> origins() {
        return allowedOrigins == null ? List.of() : allowedOrigins;
    }
}
