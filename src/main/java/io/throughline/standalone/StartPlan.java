package io.throughline.standalone;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What to start and what to assume, decided from the settings and from whether a key file is there.
 *
 * @param embedsPostgres no database is configured
 * @param embedsKafka no broker is configured
 * @param dataFolder where embedded engines keep their data
 * @param defaults settings that hold unless the user sets them, to the empty string included
 */
record StartPlan(
        boolean embedsPostgres,
        boolean embedsKafka,
        Path dataFolder,
        Map<String, Object> defaults) {
    /** Documented development values: only ever valid on loopback. */
    static final String DEVELOPMENT_ADMIN_TOKEN = "throughline-development-admin-token";

    static final String DEVELOPMENT_WRITE_KEY = "cthroughline0development0";

    static final String DEMO = "throughline.demo.enabled";

    private static final String ADMIN_TOKEN = "throughline.bootstrap.admin-token";
    private static final String WRITE_KEY = "throughline.bootstrap.write-key";
    private static final String MASTER_KEY = "throughline.master-key";
    private static final String MASTER_KEY_FILE = "throughline.master-key-file";

    boolean embedsAny() {
        return embedsPostgres || embedsKafka;
    }

    /**
     * @param setting the value of a setting, or null
     * @param exists whether there is a file
     * @throws RefusedStart a setting without which the server would be useless or open to everybody
     */
    static StartPlan from(Function<String, @Nullable String> setting, Predicate<Path> exists) {
        boolean postgres = !isSet(setting, "spring.datasource.url");
        boolean kafka = !isSet(setting, "spring.kafka.bootstrap-servers");
        boolean loopback = isLoopback(setting.apply("server.address"));
        List<String> missing = missingSecrets(setting);
        if (!postgres && !kafka) {
            // a key that each instance made for itself could not read what another one wrote
            if (!hasMasterKey(setting, exists)) {
                missing.add(
                        "THROUGHLINE_MASTER_KEY (32 bytes in base64, the same on every instance; or"
                                + " in a file that THROUGHLINE_MASTER_KEY_FILE names)");
            }
            if (!missing.isEmpty()) {
                throw refused("With a database and a broker of your own", missing);
            }
        }
        if (!missing.isEmpty() && !loopback) {
            throw refused(
                    "With server.address="
                            + setting.apply("server.address")
                            + ", open to a network",
                    missing);
        }
        String folder = setting.apply("throughline.data-dir");
        return new StartPlan(
                postgres,
                kafka,
                Path.of(folder == null || folder.isBlank() ? "data" : folder.strip()),
                postgres || kafka ? developmentDefaults(loopback) : Map.of());
    }

    private static Map<String, Object> developmentDefaults(boolean loopback) {
        Map<String, Object> defaults = new LinkedHashMap<>();
        defaults.put("server.address", "127.0.0.1");
        defaults.put("management.server.address", "127.0.0.1");
        defaults.put("throughline.development.admin-token", DEVELOPMENT_ADMIN_TOKEN);
        defaults.put("throughline.development.write-key", DEVELOPMENT_WRITE_KEY);
        defaults.put("throughline.activation.egress.allow", "127.0.0.0/8,::1/128");
        defaults.put("throughline.activation.egress.ports", "*");
        defaults.put(DEMO, String.valueOf(loopback));
        return defaults;
    }

    private static List<String> missingSecrets(Function<String, @Nullable String> setting) {
        List<String> missing = new ArrayList<>();
        if (!isSet(setting, ADMIN_TOKEN)) {
            missing.add("THROUGHLINE_ADMIN_TOKEN (the first admin token, any long random text)");
        }
        if (!isSet(setting, WRITE_KEY)) {
            missing.add(
                    "THROUGHLINE_WRITE_KEY (the first source's write key: 25 characters, a c and"
                            + " then a-z and 0-9)");
        }
        return missing;
    }

    private static boolean hasMasterKey(
            Function<String, @Nullable String> setting, Predicate<Path> exists) {
        String file = setting.apply(MASTER_KEY_FILE);
        return isSet(setting, MASTER_KEY)
                || (file != null && !file.isBlank() && exists.test(Path.of(file)));
    }

    private static RefusedStart refused(String when, List<String> missing) {
        String names = String.join(" and ", missing);
        return new RefusedStart(
                when + " there is no default for " + names + ".",
                "Set " + names + " in the environment.");
    }

    private static boolean isSet(Function<String, @Nullable String> setting, String name) {
        String value = setting.apply(name);
        return value != null && !value.isBlank();
    }

    private static boolean isLoopback(@Nullable String address) {
        return address == null
                || address.isBlank()
                || address.equals("localhost")
                || address.startsWith("127.")
                || address.equals("::1");
    }
}
