package io.throughline.enrichment;

import io.throughline.enrichment.Enrichment.Device;
import io.throughline.enrichment.Enrichment.Product;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * {@code context.userAgentData}: what newer browsers no longer write into their user agent. It
 * corrects device, system and browser; whether somebody is a bot it does not decide. Pure.
 */
final class ClientHints {
    /** Microsoft's own table: Windows 11 reports 13 and above, Windows 10 less. */
    private static final int FIRST_PLATFORM_OF_WINDOWS_11 = 13;

    private ClientHints() {}

    static Agent over(Agent agent, JsonNode hints) {
        if (!hints.isObject() || agent.bot() != null) {
            return agent;
        }
        Product os = os(agent.os(), hints);
        return new Agent(
                null,
                device(agent.device(), os, hints),
                os,
                agent.browser() == null ? browser(hints) : agent.browser());
    }

    private static @Nullable Product os(@Nullable Product said, JsonNode hints) {
        String platform = Text.of(hints.path("platform"));
        if (platform == null || platform.equalsIgnoreCase("Unknown")) {
            return said;
        }
        String version = version(platform, Text.of(hints.path("platformVersion")));
        return version == null && said != null && said.name().equals(platform)
                ? said
                : new Product(platform, version);
    }

    private static @Nullable String version(String platform, @Nullable String full) {
        String major = full == null ? "" : full.split("\\.", 2)[0];
        if (major.isEmpty() || major.length() > 9 || !major.chars().allMatch(Character::isDigit)) {
            return null;
        }
        if (platform.equals("Windows")) {
            int number = Integer.parseInt(major);
            return number == 0 ? null : number >= FIRST_PLATFORM_OF_WINDOWS_11 ? "11" : "10";
        }
        return major;
    }

    private static @Nullable Device device(
            @Nullable Device said, @Nullable Product os, JsonNode hints) {
        JsonNode mobile = hints.path("mobile");
        String model = Text.of(hints.path("model"));
        DeviceClass type = said == null ? null : said.type();
        if (mobile.isBoolean()) {
            boolean android = os != null && os.name().equals("Android");
            if (mobile.booleanValue()) {
                type = type == DeviceClass.TABLET ? type : DeviceClass.PHONE;
            } else if (type == null || type == DeviceClass.PHONE) {
                type = android ? DeviceClass.TABLET : DeviceClass.DESKTOP;
            }
        }
        if (type == null && model == null) {
            return said;
        }
        return new Device(
                type == null ? DeviceClass.OTHER : type,
                said == null ? null : said.brand(),
                model == null && said != null ? said.model() : model);
    }

    /** The first that is neither grease nor the engine most of them share. */
    private static @Nullable Product browser(JsonNode hints) {
        for (JsonNode brand : hints.path("brands")) {
            String name = Text.of(brand.path("brand"));
            if (name != null
                    && !name.equals("Chromium")
                    && !name.toLowerCase(Locale.ROOT).matches("not.{0,3}a.{0,3}brand.*")) {
                String plain = name.replaceFirst("^(Google|Microsoft) ", "");
                String version = Text.of(brand.path("version"));
                return new Product(plain, version == null ? null : version.split("\\.", 2)[0]);
            }
        }
        return null;
    }
}
