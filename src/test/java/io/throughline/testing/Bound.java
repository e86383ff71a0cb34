package io.throughline.testing;

import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Settings as a configuration gives them. */
public final class Bound {
    private static final Validator VALIDATOR =
            Validation.buildDefaultValidatorFactory().getValidator();

    private Bound() {}

    /** Whether a start with these fails. */
    public static boolean refuses(Class<?> type, Map<String, String> settings) {
        return !VALIDATOR.validate(to(type, settings)).isEmpty();
    }

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
