using NoisyNN.Models.Layers;
using NoisyNN.Pipelines.Yaml;
using NoisyNN.Transforms.Noise;

namespace NoisyNN.Pipelines.Experiments.Declared;

/// <summary>Describes noise in words, for reports.</summary>
static class NoiseWords
{
    /// <summary>Describes all noise of an experiment, with its place.</summary>
    public static string Describe(Experiment experiment)
    {
        var parts = experiment
            .Pipeline.Select(noise =>
                $"{Describe(noise.Noise)} on the pixel column, {(noise.Scope is NoiseScope.Always ? "always" : "in training")}"
            )
            .ToList();
        if (experiment.Noise.Input is { } input)
            parts.Add($"{Describe(input.Noise)} on the input, in training");
        if (experiment.Noise.Latent is { } latent)
            parts.Add($"{Describe(latent.Noise)} {Place(latent.Placement)}, {When(latent)}{Strength(latent.Schedule)}");
        return parts.Count == 0 ? DescribeBaseline(experiment) : string.Join("; ", parts);
    }

    /// <summary>Describes the noise of the baseline: the dropout of the network itself, if it has any.</summary>
    public static string DescribeBaseline(Experiment experiment) =>
        experiment.Network.Configuration.OwnNoise is { } own ? $"no noise but the network's own {own}" : "no noise";

    /// <summary>Describes a noise with its parameters, such as "circular-shift (strength 0.3, axis tokens)".</summary>
    public static string Describe(NoiseDefinition noise)
    {
        var parameters = SectionShape
            .Of(noise.GetType())
            .Keys.Select(key => (key.Name, Value: key.Value(noise)))
            .Where(pair => pair.Value is not null)
            .Select(pair => $"{Words(pair.Name)} {Value(pair.Value!)}");
        return $"{noise.Name} ({string.Join(", ", parameters)})";
    }

    /// <summary>Describes the place of a noise in a network, such as "at the attention input of the last block".</summary>
    public static string Place(LatentNoisePlacement placement)
    {
        var block = placement.Layer < 0 ? "the last block" : $"block {placement.Layer}";
        var tokens = placement.IncludeClassToken ? "" : ", class token left out";
        return placement.Site switch
        {
            NoiseSite.AfterEmbedding => $"after the embedding{tokens}",
            NoiseSite.BlockInput => $"at the input of {block}{tokens}",
            NoiseSite.AttentionInput => $"at the attention input of {block}{tokens}",
            NoiseSite.AttentionOutput => $"at the attention output of {block}{tokens}",
            NoiseSite.BlockOutput => $"at the output of {block}{tokens}",
            NoiseSite.BeforeHead => "on the features before the head",
            _ => RecordSchema.Word(placement.Site),
        };
    }

    static string When(LatentNoiseSection latent) =>
        (latent.Training, latent.Inference) switch
        {
            (true, false) => "in training",
            (false, true) => "at inference",
            (true, true) => "in training and at inference",
            _ => "switched off",
        };

    static string Value(object value) =>
        value switch
        {
            Enum word => RecordSchema.Word(word),
            IReadOnlyList<IReadOnlyList<double>> matrix => $"of {matrix.Count} by {matrix.Count}",
            _ => FormattableString.Invariant($"{value}"),
        };

    static string Strength(NoiseSchedule? schedule) =>
        schedule is null
            ? ""
            : FormattableString.Invariant($", strength from {schedule.From} to {schedule.To} over {schedule.Steps} ")
                + FormattableString.Invariant($"steps{(schedule.Delay > 0 ? $" after {schedule.Delay}" : "")}");

    static string Words(string name) => RecordSchema.Word(name).Replace('-', ' ');
}
