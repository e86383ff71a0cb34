package io.throughline.activation.delivery;

/** A profile of a workspace. */
record ProfileKey(int workspace, long profile) {
    static ProfileKey of(LaneKey lane) {
        return new ProfileKey(lane.workspace(), lane.profile());
    }
}
