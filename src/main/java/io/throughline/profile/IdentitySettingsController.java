package io.throughline.profile;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.throughline.event.WorkspaceId;
import io.throughline.identity.ClusterSweep.Progress;
import io.throughline.identity.IdentityConfigurations.Changed;
import io.throughline.identity.IdentityShape;
import io.throughline.identity.IdentityShape.BlockedShape;
import io.throughline.identity.IdentityShape.TypeShape;
import io.throughline.identity.IdentityShape.Unlisted;
import io.throughline.profile.IdentitySettings.Current;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What counts as an identifier, and how much of it one profile may hold. */
@RestController
@RequestMapping("/api/v1/identity/configuration")
@Tag(name = "Identity", description = "Identifier types, their limits, and blocked values")
class IdentitySettingsController {
    private final IdentitySettings settings;

    IdentitySettingsController(IdentitySettings settings) {
        this.settings = settings;
    }

    /**
     * What GET answers can be sent back, edited: what it adds is accepted and ignored.
     *
     * @param version the one that this change was made from; 409 if another is the newest
     */
    @JsonIgnoreProperties({"changedBy", "changedAt", "sweep"})
    record ChangeDocument(
            @Nullable List<@Valid @NotNull TypeShape> types,
            @Nullable Unlisted unlistedTypes,
            @Nullable List<@Valid @NotNull BlockedShape> blocked,
            @Nullable Integer version) {}

    /**
     * How far the newest change has come.
     *
     * @param status {@code waiting} for transactions that may not have seen the change, {@code
     *     running} or {@code done}
     * @param progress how much of the workspace was looked at, 0 to 1
     * @param profiles how many profiles it changed, those that appeared too
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record SweepDocument(
            String status,
            double progress,
            long profiles,
            Instant startedAt,
            @Nullable Instant finishedAt) {
        static SweepDocument of(Progress progress) {
            String unfinished = progress.waiting() ? "waiting" : "running";
            return new SweepDocument(
                    progress.finishedAt() == null ? unfinished : "done",
                    progress.share(),
                    progress.profiles(),
                    progress.startedAt(),
                    progress.finishedAt());
        }
    }

    /** What GET answers; an edited copy can be PUT back. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record ConfigurationDocument(
            int version,
            @Nullable List<TypeShape> types,
            @Nullable Unlisted unlistedTypes,
            @Nullable List<BlockedShape> blocked,
            @Nullable String changedBy,
            @Nullable Instant changedAt,
            @Nullable SweepDocument sweep) {
        static ConfigurationDocument of(Current current) {
            IdentityShape shape = current.configuration().shape();
            Changed changed = current.changed();
            Progress progress = current.progress();
            return new ConfigurationDocument(
                    current.configuration().version(),
                    shape.types(),
                    shape.unlistedTypes(),
                    shape.blocked(),
                    changed == null ? null : changed.by(),
                    changed == null ? null : changed.at(),
                    progress == null ? null : SweepDocument.of(progress));
        }
    }

    @GetMapping
    @Operation(summary = "What holds, and how far the newest change has come")
    ConfigurationDocument current(WorkspaceId workspace) {
        return ConfigurationDocument.of(settings.current(workspace));
    }

    @PutMapping
    @Operation(
            summary = "Replaces all of it",
            description =
                    "What is left out returns to its default. Events that come from now on are read by"
                            + " it; in the background, all profiles are solved again by its limits and"
                            + " without what it blocks.")
    ConfigurationDocument put(WorkspaceId workspace, @Valid @RequestBody ChangeDocument change) {
        settings.put(
                workspace,
                new IdentityShape(change.types(), change.unlistedTypes(), change.blocked()),
                change.version());
        return current(workspace);
    }
}
