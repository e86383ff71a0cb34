package io.throughline.collect;

import java.util.Map;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** The settings of this module as a configuration gives them. */
final class Settings {
    private Settings() {}

    static CollectProperties defaults() {
        return of(Map.of());
    }

    /**
     * @param settings names below {@code throughline.collect}
     */
    static CollectProperties of(Map<String, String> settings) {
        MapConfigurationPropertySource source = new MapConfigurationPropertySource();
        settings.forEach((name, value) -> source.put("throughline.collect." + name, value));
        return new Binder(source).bindOrCreate("throughline.collect", CollectProperties.class);
    }
}
