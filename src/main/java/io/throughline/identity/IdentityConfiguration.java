package io.throughline.identity;

import io.throughline.identity.IdentityShape.BlockedShape;
import io.throughline.identity.IdentityShape.TypeShape;
import io.throughline.identity.IdentityShape.Unlisted;
import io.throughline.platform.web.ProblemException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What counts as an identifier in one workspace, how strong it is, how many of a kind one profile
 * may hold, and from when on an identifier is nobody's. Immutable; a change makes another version.
 *
 * <p>An event is read by the version that it was stamped with when it was collected, for ever.
 * Which links hold is decided by the newest.
 */
public final class IdentityConfiguration {
    private static final int MAX_CUSTOM_TYPES = 50;
    private static final int MAX_LIMIT = 1_000;

    /** An anonymous id is weaker than everything. */
    private static final int MAX_PRIORITY = 8;

    private static final TypeRules USER =
            builtIn(Identifier.USER_ID, Integer.MAX_VALUE, Integer.MAX_VALUE);
    private static final TypeRules CUSTOM = builtIn("", 5, 5);
    private static final Map<String, TypeRules> BUILT_IN =
            Map.of(
                    Identifier.USER_ID,
                    USER,
                    Identifier.EMAIL,
                    builtIn(Identifier.EMAIL, 5, 5),
                    Identifier.PHONE,
                    builtIn(Identifier.PHONE, 5, 5),
                    Identifier.ANONYMOUS_ID,
                    builtIn(Identifier.ANONYMOUS_ID, 1_000, 10));

    /** The one of every workspace that has said nothing: version 0. */
    public static final IdentityConfiguration DEFAULT = of(0, new IdentityShape(null, null, null));

    /**
     * What holds for one type.
     *
     * @param priority 0, the strongest, to 9
     * @param limit how many of the type one profile may hold; user ids are bounded by persons
     * @param sharedOver one linked to more user ids than this is shared: its links are ignored
     */
    public record TypeRules(int priority, int limit, int sharedOver) {}

    private final int version;
    private final IdentityShape shape;
    private final Map<String, TypeRules> types;
    private final boolean acceptsUnlisted;
    private final BlockList blocked;
    private final Comparator<Identifier> order;
    private final int smallestLimit;

    private IdentityConfiguration(
            int version, IdentityShape shape, Map<String, TypeRules> types, BlockList blocked) {
        this.version = version;
        this.shape = shape;
        this.types = types;
        this.acceptsUnlisted = shape.unlistedTypes() == Unlisted.ACCEPT;
        this.blocked = blocked;
        this.order =
                Comparator.<Identifier>comparingInt(one -> rules(one.type()).priority())
                        .thenComparing(Identifier::type)
                        .thenComparing(Identifier::value);
        this.smallestLimit =
                types.entrySet().stream()
                        .filter(entry -> !entry.getKey().equals(Identifier.ANONYMOUS_ID))
                        .mapToInt(entry -> entry.getValue().limit())
                        .reduce(CUSTOM.limit(), Math::min);
    }

    /**
     * What was accepted once is read by it for ever: a bound in here may grow, never shrink.
     *
     * @throws ProblemException naming the field that cannot be
     */
    public static IdentityConfiguration of(int version, IdentityShape shape) {
        Map<String, TypeRules> types = new TreeMap<>(BUILT_IN);
        Set<String> seen = new HashSet<>();
        List<TypeShape> given = Objects.requireNonNullElse(shape.types(), List.of());
        for (int i = 0; i < given.size(); i++) {
            TypeShape one = given.get(i);
            String field = "types[" + i + "]";
            if (!Identifier.isType(one.type())) {
                throw ProblemException.invalid(
                        field + ".type",
                        "must begin with a letter and have at most 63 of a-z, 0-9 and _");
            }
            if (!seen.add(one.type())) {
                throw ProblemException.invalid(field + ".type", "is listed twice");
            }
            types.put(one.type(), rules(one, field));
            if (types.size() - BUILT_IN.size() > MAX_CUSTOM_TYPES) {
                throw ProblemException.invalid(
                        field,
                        "is too many: there may be at most " + MAX_CUSTOM_TYPES + " custom types");
            }
        }
        List<BlockedShape> entries =
                Objects.requireNonNullElse(shape.blocked(), List.<BlockedShape>of()).stream()
                        .distinct()
                        .toList();
        return new IdentityConfiguration(
                version,
                new IdentityShape(
                        shown(types),
                        Objects.requireNonNullElse(shape.unlistedTypes(), Unlisted.ACCEPT),
                        entries),
                types,
                BlockList.of(entries));
    }

    private static TypeRules rules(TypeShape type, String field) {
        TypeRules otherwise = BUILT_IN.getOrDefault(type.type(), CUSTOM);
        TypeRules rules =
                new TypeRules(
                        orElse(type.priority(), otherwise.priority()),
                        orElse(type.limit(), otherwise.limit()),
                        orElse(type.sharedOver(), otherwise.sharedOver()));
        if (otherwise == USER) {
            throw ProblemException.invalid(
                    field + ".type", "cannot be configured: it is the person");
        }
        if (otherwise != CUSTOM && rules.priority() != otherwise.priority()) {
            throw ProblemException.invalid(
                    field + ".priority", "of this type is always " + otherwise.priority());
        }
        if (otherwise == CUSTOM && rules.priority() > MAX_PRIORITY) {
            throw ProblemException.invalid(field + ".priority", "must be at most " + MAX_PRIORITY);
        }
        if (!type.type().equals(Identifier.ANONYMOUS_ID) && rules.limit() > MAX_LIMIT) {
            throw ProblemException.invalid(field + ".limit", "must be at most " + MAX_LIMIT);
        }
        return rules;
    }

    private static TypeRules builtIn(String type, int limit, int sharedOver) {
        return new TypeRules(Identifier.priority(type), limit, sharedOver);
    }

    private static int orElse(@Nullable Integer given, int otherwise) {
        return given == null ? otherwise : given;
    }

    private static List<TypeShape> shown(Map<String, TypeRules> types) {
        List<TypeShape> shown = new ArrayList<>();
        types.forEach((type, rules) -> {
            if (rules != USER) {
                shown.add(new TypeShape(type, rules.priority(), rules.limit(), rules.sharedOver()));
            }
        });
        return shown;
    }

    public int version() {
        return version;
    }

    /** As a document, defaults filled in; makes the same configuration again. */
    public IdentityShape shape() {
        return shape;
    }

    /** 0 for a user id, the strongest, to 9 for an anonymous id. */
    int priority(String type) {
        return rules(type).priority();
    }

    /** The order in which the first of an event's identifiers is its anchor. */
    Comparator<Identifier> order() {
        return order;
    }

    /** How many identifiers of the type one profile may hold. */
    int limit(String type) {
        return rules(type).limit();
    }

    /** No more than the limit of any email, phone or custom type. */
    int smallestLimit() {
        return smallestLimit;
    }

    /** Whether the workspace says that this identifies nobody. */
    public boolean isRefused(Identifier identifier) {
        return !acceptsUnlisted && !types.containsKey(identifier.type())
                || blocked.contains(identifier);
    }

    /**
     * Whether the links at an identifier are ignored: too many user ids are linked to it, or it
     * identifies nobody any more.
     */
    boolean isShared(Identifier identifier, int users) {
        return users > rules(identifier.type()).sharedOver() || isRefused(identifier);
    }

    private TypeRules rules(String type) {
        return types.getOrDefault(type, CUSTOM);
    }
}
