package io.throughline.testing;

import io.throughline.event.TrackingEvent;
import io.throughline.identity.Identifier;
import io.throughline.identity.IdentityShape;
import java.util.Set;

/** Something that happens to the identity graph of one workspace. */
public sealed interface Step {

    record Arrives(TrackingEvent event) implements Step {
        @Override
        public String toString() {
            return "arrives "
                    + event.header().messageId()
                    + " at "
                    + event.header().timestamp().toEpochMilli()
                    + ": "
                    + event.type().wireName()
                    + (event.header().trusted() ? " (server)" : "")
                    + " user "
                    + event.header().userId()
                    + " device "
                    + event.header().anonymousId()
                    + " read by "
                    + event.header().identityVersion()
                    + " "
                    + event.header().context().path("externalIds")
                    + (event instanceof TrackingEvent.Identify identify
                            ? " " + identify.traits()
                            : "")
                    + (event instanceof TrackingEvent.Alias alias
                            ? " previous " + alias.previousId()
                            : "");
        }
    }

    /** What an operator says about two identifiers. */
    sealed interface Decides extends Step {
        Identifier a();

        Identifier b();

        default Set<Identifier> pair() {
            return Set.of(a(), b());
        }
    }

    record Unlinks(Identifier a, Identifier b) implements Decides {}

    record Relinks(Identifier a, Identifier b) implements Decides {}

    /**
     * The profile that holds the identifier is erased, or the identifier alone where none does.
     *
     * @param at epoch milliseconds
     */
    record Erases(Identifier identifier, long at, boolean suppress) implements Step {}

    /** The workspace's identity configuration is replaced. */
    record Configures(int version, IdentityShape shape) implements Step {}
}
