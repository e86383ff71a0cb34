package io.throughline.activation.delivery;

import io.throughline.activation.delivery.Renderer.Rendered;
import io.throughline.activation.expression.Tailored;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What is left of a batch's matches after filters and transforms, rendered before any lane is
 * locked.
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
     * @param startable states that are rendered although nothing is tailored for their destination
     */
    static Selection of(
            Matches matches, Renderer renderer, Predicate<Matches.State> startable, Instant now) {
        List<Withheld> withheld = new ArrayList<>();
        List<Matches.Event> events = new ArrayList<>();
        Map<Matches.Event, Tailored> bodies = new IdentityHashMap<>();
        List<Tailored> tailored = renderer.events(matches.events());
        for (int i = 0; i < tailored.size(); i++) {
            Matches.Event event = matches.events().get(i);
            if (tailored.get(i) instanceof Tailored.Withheld(String rule, String reason)) {
                LaneKey lane = LaneKey.of(event.profile(), event.receiver().id());
                withheld.add(
                        new Withheld(
                                lane,
                                event.update().version(),
                                event.item().type(),
                                now,
                                rule,
                                reason));
            } else {
                events.add(event);
                bodies.put(event, tailored.get(i));
            }
        }
        List<Matches.State> states = new ArrayList<>();
        Map<LaneKey, Rendered> rendered =
                new HashMap<>(
                        renderer.states(
                                matches.states().stream()
                                        .filter(state ->
                                                !state.receiver().tailoring().isNone()
                                                        || startable.test(state))
                                        .map(Renderer.Wanted::of)
                                        .toList()));
        for (Matches.State state : matches.states()) {
            LaneKey lane = LaneKey.of(state.profile(), state.receiver().id());
            Rendered one = rendered.get(lane);
            if (one != null
                    && one.tailored() instanceof Tailored.Withheld(String rule, String reason)) {
                withheld.add(new Withheld(lane, one.version(), Row.STATE_TYPE, now, rule, reason));
            } else {
                states.add(state);
            }
        }
        rendered.values().removeIf(one -> one.tailored() instanceof Tailored.Withheld);
        return new Selection(matches.with(events, states), bodies, rendered, withheld);
    }

    boolean isEmpty() {
        return matches.isEmpty() && withheld.isEmpty();
    }
}
