package io.throughline.activation.delivery;

import io.throughline.activation.delivery.Renderer.Rendered;
import io.throughline.activation.expression.Tailored;
import io.throughline.contact.Verdict.Suppressed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What is left of a batch's matches after consent, filters and transforms, rendered before any lane
 * is locked.
 *
 * @param matches what is owed
 * @param events as they are sent, by their identity
 * @param states as they would be sent at once, those that may be
 * @param withheld what does not pass
 */
record Selection(
        Matches matches,
        Map<Matches.Event, Tailored> events,
        Map<LaneKey, Rendered> states,
        List<Withheld> withheld) {
    /**
     * @param suppressed what a destination may not be told
     * @param startable states that are rendered although nothing is tailored for their destination
     */
    static Selection of(
            Matches matches,
            Map<Contacts.Question, Suppressed> suppressed,
            Renderer renderer,
            Predicate<Matches.State> startable,
            Instant now) {
        return new Sieve(renderer, suppressed, now).sift(matches, startable);
    }

    boolean isEmpty() {
        return matches.isEmpty() && withheld.isEmpty();
    }

    private static final class Sieve {
        private final Renderer renderer;
        private final Map<Contacts.Question, Suppressed> suppressed;
        private final Instant now;
        private final List<Withheld> withheld = new ArrayList<>();

        Sieve(Renderer renderer, Map<Contacts.Question, Suppressed> suppressed, Instant now) {
            this.renderer = renderer;
            this.suppressed = suppressed;
            this.now = now;
        }

        Selection sift(Matches matches, Predicate<Matches.State> startable) {
            Map<Matches.Event, Tailored> events = events(matches.events());
            List<Matches.State> allowed =
                    matches.states().stream().filter(this::isAllowed).toList();
            Map<LaneKey, Rendered> states = rendered(allowed, startable);
            List<Matches.State> owed =
                    allowed.stream().filter(state -> isFit(state, states)).toList();
            states.values().removeIf(one -> one.tailored() instanceof Tailored.Withheld);
            List<Matches.Event> fit =
                    matches.events().stream().filter(events::containsKey).toList();
            return new Selection(matches.with(fit, owed), events, states, withheld);
        }

        private Map<Matches.Event, Tailored> events(List<Matches.Event> all) {
            List<Matches.Event> allowed = all.stream().filter(this::isAllowed).toList();
            List<Tailored> tailored = renderer.events(allowed);
            Map<Matches.Event, Tailored> fit = new IdentityHashMap<>();
            for (int i = 0; i < allowed.size(); i++) {
                Matches.Event event = allowed.get(i);
                if (tailored.get(i) instanceof Tailored.Withheld(String rule, String reason)) {
                    withhold(event, rule, reason);
                } else {
                    fit.put(event, tailored.get(i));
                }
            }
            return fit;
        }

        private boolean isAllowed(Matches.Event event) {
            Suppressed because = suppressed.get(event.question());
            if (because == null) {
                return true;
            }
            withhold(event, because.rule(), because.reason());
            return false;
        }

        private void withhold(Matches.Event event, String rule, String reason) {
            long version = event.update().version();
            String type = event.item().type();
            withheld.add(new Withheld(event.lane(), version, type, now, rule, reason));
        }

        private boolean isAllowed(Matches.State state) {
            Suppressed because = suppressed.get(state.question());
            if (because != null) {
                withhold(state, state.update().version(), because.rule(), because.reason());
            }
            return because == null;
        }

        private void withhold(Matches.State state, long version, String rule, String reason) {
            withheld.add(new Withheld(state.lane(), version, Row.STATE_TYPE, now, rule, reason));
        }

        private Map<LaneKey, Rendered> rendered(
                List<Matches.State> states, Predicate<Matches.State> startable) {
            return new HashMap<>(
                    renderer.states(
                            states.stream()
                                    .filter(state ->
                                            !state.receiver().tailoring().isNone()
                                                    || startable.test(state))
                                    .map(Renderer.Wanted::of)
                                    .toList()));
        }

        private boolean isFit(Matches.State state, Map<LaneKey, Rendered> rendered) {
            Rendered one = rendered.get(state.lane());
            if (one != null
                    && one.tailored() instanceof Tailored.Withheld(String rule, String reason)) {
                withhold(state, one.version(), rule, reason);
                return false;
            }
            return true;
        }
    }
}
