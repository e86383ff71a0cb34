package io.throughline.enrichment;

import io.throughline.enrichment.Enrichment.Device;
import io.throughline.enrichment.Enrichment.Product;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import ua_parser.Client;

/** From what the library found in a user agent to our terms. Pure. */
final class AgentReading {
    private static final String OTHER = "Other";

    /** First words of the library's device names that are makers, as the makers write them. */
    private static final Map<String, String> BRANDS =
            Map.ofEntries(
                    Map.entry("XiaoMi", "Xiaomi"),
                    Map.entry("Redmi", "Xiaomi"),
                    Map.entry("POCO", "Xiaomi"),
                    Map.entry("SonyEricsson", "Sony Ericsson"),
                    Map.entry("Pixel", "Google"),
                    Map.entry("Nexus", "Google"),
                    Map.entry("Kindle", "Amazon"),
                    Map.entry("Mac", "Apple"),
                    Map.entry("iPhone", "Apple"),
                    Map.entry("iPad", "Apple"),
                    Map.entry("iPod", "Apple"),
                    Map.entry("iOS-Device", "Apple"),
                    Map.entry("AppleTV", "Apple"),
                    Map.entry("Apple", "Apple"),
                    Map.entry("PlayStation", "Sony"),
                    Map.entry("Xbox", "Microsoft"));

    private static final Set<String> SAME_NAME =
            Set.of(
                    "Samsung",
                    "Huawei",
                    "HTC",
                    "Motorola",
                    "Amazon",
                    "LG",
                    "ZTE",
                    "Nokia",
                    "Lenovo",
                    "Dell",
                    "Sony",
                    "Alcatel",
                    "Asus",
                    "OnePlus",
                    "Micromax",
                    "BlackBerry",
                    "Acer",
                    "Philips",
                    "Panasonic",
                    "Oppo",
                    "Vivo",
                    "Microsoft",
                    "Kyocera",
                    "Fujitsu",
                    "Meta",
                    "Google",
                    "HP",
                    "Toshiba",
                    "Sharp",
                    "Gionee",
                    "Meizu",
                    "Nintendo",
                    "Honor",
                    "Realme",
                    "Fairphone",
                    "Nothing",
                    "Infinix",
                    "Tecno");

    private AgentReading() {}

    static Agent of(Client found, String userAgent, AgentNames names) {
        if (names.isHttpLibrary(userAgent)) {
            return Agent.UNKNOWN;
        }
        String bot = bot(found, userAgent, names);
        if (bot != null) {
            return Agent.ofBot(bot);
        }
        Product os = os(found);
        return new Agent(null, device(found, os, userAgent), os, browser(found));
    }

    private static @Nullable String bot(Client found, String userAgent, AgentNames names) {
        String named = names.bot(userAgent);
        if (!"Spider".equals(found.device.family) || names.isPeoplesBrowser(userAgent)) {
            return named;
        }
        String name = Text.bounded(String.valueOf(found.userAgent.family));
        if (name != null && !name.equals(OTHER)) {
            return name;
        }
        return named == null ? "unnamed" : named;
    }

    private static @Nullable Product os(Client found) {
        String name = Text.bounded(String.valueOf(found.os.family));
        if (name == null || name.equals(OTHER)) {
            return null;
        }
        return new Product(name.equals("Mac OS X") ? "macOS" : name, version(found.os.major));
    }

    private static @Nullable Product browser(Client found) {
        String name = Text.bounded(String.valueOf(found.userAgent.family));
        if (name == null || name.equals(OTHER)) {
            return null;
        }
        return new Product(withoutPlatform(name), version(found.userAgent.major));
    }

    /** The same browser on another system has the same name. */
    private static String withoutPlatform(String name) {
        if (name.equals("Mobile Safari UI/WKWebView")) {
            return "Safari WebView";
        }
        String plain = name.startsWith("Mobile ") ? name.substring("Mobile ".length()) : name;
        return plain.replace(" Mobile", "").replace(" iOS", "").strip();
    }

    private static @Nullable String version(@Nullable String major) {
        return major == null ? null : Text.bounded(major);
    }

    private static @Nullable Device device(Client found, @Nullable Product os, String userAgent) {
        String family = Text.cut(String.valueOf(found.device.family), Text.MAX);
        DeviceClass type = type(family, os == null ? "" : os.name(), userAgent);
        if (isNoName(family)) {
            return type == DeviceClass.OTHER ? null : new Device(type, null, null);
        }
        String brand = brand(family);
        return new Device(type, brand, model(family, brand));
    }

    /** {@code K} is what Android browsers write instead of a model. */
    private static boolean isNoName(String family) {
        return family.isBlank()
                || family.equals(OTHER)
                || family.equals("K")
                || family.equals("Spider")
                || family.startsWith("Generic");
    }

    private static @Nullable String brand(String family) {
        int end = family.indexOf(' ');
        String first = end < 0 ? family : family.substring(0, end);
        if (first.startsWith("SM-")) {
            return "Samsung";
        }
        return SAME_NAME.contains(first) ? first : BRANDS.get(first);
    }

    private static String model(String family, @Nullable String brand) {
        return brand != null && family.startsWith(brand + " ")
                ? family.substring(brand.length() + 1)
                : family;
    }

    /** From the system, and for Android from {@code Mobile}, which its tablets leave out. */
    static DeviceClass type(String family, String os, String userAgent) {
        if (containsAny(
                userAgent,
                "SMART-TV",
                "SmartTV",
                "Smart TV",
                "AppleTV",
                "BRAVIA",
                "GoogleTV",
                "Android TV",
                "CrKey",
                "Roku",
                "AFTT",
                "AFTM",
                "HbbTV",
                "Web0S")) {
            return DeviceClass.TV;
        }
        if (containsAny(userAgent, "PlayStation", "Xbox", "Nintendo")) {
            return DeviceClass.CONSOLE;
        }
        if (os.equals("watchOS") || containsAny(userAgent, "Watch OS", "watchOS")) {
            return DeviceClass.WEARABLE;
        }
        if (family.startsWith("iPad") || containsAny(userAgent, "Tablet", "Kindle")) {
            return DeviceClass.TABLET;
        }
        return switch (os) {
            case "iOS", "Windows Phone", "BlackBerry OS", "KaiOS", "Symbian OS" ->
                    DeviceClass.PHONE;
            case "Android", "HarmonyOS" ->
                    userAgent.contains("Mobile") || !userAgent.startsWith("Mozilla/")
                            ? DeviceClass.PHONE
                            : DeviceClass.TABLET;
            case "Windows",
                    "macOS",
                    "Linux",
                    "Chrome OS",
                    "Ubuntu",
                    "Fedora",
                    "Debian",
                    "FreeBSD",
                    "OpenBSD" ->
                    DeviceClass.DESKTOP;
            default -> DeviceClass.OTHER;
        };
    }

    private static boolean containsAny(String text, String... words) {
        for (String word : words) {
            if (text.contains(word)) {
                return true;
            }
        }
        return false;
    }
}
