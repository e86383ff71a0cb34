package io.throughline.testing;

import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Settings as a configuration gives them. */
public final class Bound {
    private Bound() {}

    /**
     * @param type a record of settings
     * @param settings names below its prefix
     */
    public static <T> T to(Class<T> type, Map<String, String> settings) {
        String prefix = type.getAnnotation(ConfigurationProperties.class).value();
        MapConfigurationPropertySource source = new MapConfigurationPropertySource();
        settings.forEach((name, value) -> source.put(prefix + "." + name, value));
        return new Binder(source).bindOrCreate(prefix, type);
    }
}
