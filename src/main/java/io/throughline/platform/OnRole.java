package io.throughline.platform;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Reads {@code throughline.roles}; an unknown role stops the start with the binder's sentence. */
final class OnRole implements Condition {
    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
        Role[] wanted =
                metadata.getAnnotations()
                        .get(ConditionalOnRole.class)
                        .getEnumArray("value", Role.class);
        return !Collections.disjoint(rolesOf(context.getEnvironment()), List.of(wanted));
    }

    static Set<Role> rolesOf(Environment environment) {
        return Objects.requireNonNull(
                Binder.get(environment)
                        .bind("throughline.roles", Bindable.setOf(Role.class))
                        .orElseGet(() -> EnumSet.allOf(Role.class)));
    }
}
