using System.Text.RegularExpressions;
using NoisyNN.Models.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Models.Weights;

/// <summary>
/// Loads the weights of a safetensors file into a network, under the names that the network knows (<see cref="Classifier.WeightLayout"/>).
/// Colours are summed for a grey network. A head for another number of classes keeps its initial values.
/// </summary>
public static partial class PretrainedWeights
{
    /// <summary>Loads everything that fits, or nothing at all.</summary>
    /// <param name="network">The network, on any device.</param>
    /// <param name="path">The file.</param>
    /// <param name="allowPartial">Whether a part of the network's body may stay as it is, or arrays of the file's body unused. Otherwise
    /// such a file is refused, because a partly random network looks like one that learns badly.</param>
    /// <returns>The names of the loaded, adapted, skipped and missing arrays.</returns>
    /// <exception cref="InvalidDataException">The file is damaged, holds another network or other sizes, or values that are no finite
    /// numbers; the message names file and array.</exception>
    public static PretrainedReport Load(Classifier network, string path, bool allowPartial = false)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no file '{path}' to take pretrained weights from.", path);
        var tensors = WeightPrefix.Remove(Safetensors.Read(path));
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        try
        {
            return Load(network, path, tensors, allowPartial);
        }
        finally
        {
            foreach (var tensor in tensors.Values)
                tensor.Dispose();
        }
    }

    static PretrainedReport Load(Classifier network, string path, Dictionary<string, Tensor> tensors, bool allowPartial)
    {
        var layout = network.WeightLayout;
        var names = WeightNames.Of(layout, tensors.Keys);
        var unused = tensors.Keys.ToHashSet();
        List<(string Name, Tensor Target, Tensor Source)> found = [];
        List<string> adapted = [],
            skipped = [],
            missing = [];
        foreach (var (fullName, target) in network.state_dict())
        {
            var name = layout.WithoutPrefix(fullName);
            if (names.Find(name, tensors.Keys) is not { } sources)
            {
                missing.Add(name);
                continue;
            }

            unused.ExceptWith(sources);
            foreach (var part in sources)
                ThrowIfUnusable(path, part, tensors[part], target);
            var source = sources.Count == 1 ? tensors[sources[0]] : cat([.. sources.Select(part => tensors[part])], 0);
            if (source.shape.SequenceEqual(target.shape))
            {
                found.Add((name, target, source));
            }
            else if (Adapt(layout, name, source, target) is var (fitting, change))
            {
                found.Add((name, target, fitting));
                adapted.Add($"{name} ({change})");
            }
            else if (name.StartsWith(layout.Head, StringComparison.Ordinal))
            {
                skipped.Add($"{string.Join(" + ", sources)} ({source.shape[0]} classes, the network has {network.ClassCount})");
                missing.Add(name);
            }
            else
            {
                throw new InvalidDataException(
                    $"'{path}' does not fit this network ({network.Configuration.Summary}): "
                        + $"its '{string.Join(" + ", sources)}' has the shape "
                        + $"[{string.Join(", ", source.shape)}], and '{name}' needs [{string.Join(", ", target.shape)}]. "
                        + $"{WeightOrigin.Describe(tensors.Keys)}Choose the architecture and sizes that the file was trained with."
                );
            }
        }
        if (found.Count == 0)
            throw new InvalidDataException(
                $"'{path}' holds no array of a {network.GetName()}: it has "
                    + $"{string.Join(", ", tensors.Keys.Order(StringComparer.Ordinal).Take(3))} and so on, "
                    + $"the network {string.Join(", ", missing.Take(3))} and so on. {WeightOrigin.Describe(tensors.Keys)}".TrimEnd()
            );

        if (!allowPartial)
            ThrowIfPartial(network, path, missing, unused, [.. tensors.Keys.Except(unused)]);
        foreach (var (_, target, source) in found)
            target.copy_(source);
        return new PretrainedReport
        {
            Path = path,
            Names = names.Source,
            Loaded = [.. found.Select(entry => entry.Name)],
            Adapted = adapted,
            Skipped = [.. skipped, .. unused.Order(StringComparer.Ordinal).Select(name => $"{name} (the network has no such array)")],
            Missing = missing,
        };
    }

    /// <exception cref="InvalidDataException">A part of the body finds no array, or the file has more of what was used: further blocks,
    /// or further arrays in the blocks, which compute something else.</exception>
    static void ThrowIfPartial(Classifier network, string path, List<string> missing, HashSet<string> unused, IReadOnlyList<string> used)
    {
        var layout = network.WeightLayout;
        var count = network.state_dict().Count;
        var body = missing
            .Where(name =>
                !name.StartsWith(layout.Head, StringComparison.Ordinal)
                // A count of batches that no computation reads. Older files lack it.
                && !name.EndsWith("num_batches_tracked", StringComparison.Ordinal)
            )
            .ToList();
        var kinds = used.Select(KindOf).ToHashSet(StringComparer.Ordinal);
        var blocks = used.Select(BlockOf).Where(block => block.Length > 0).ToHashSet(StringComparer.Ordinal);
        var further = unused
            .Where(name => kinds.Contains(KindOf(name)) || blocks.Contains(BlockOf(name)))
            .Order(StringComparer.Ordinal)
            .ToList();
        if (body.Count == 0 && further.Count == 0)
            return;
        throw new InvalidDataException(
            $"'{path}' does not cover this network ({network.Configuration.Summary}): "
                + (body.Count > 0 ? $"it has nothing for {body.Count} of {count} arrays, such as {Some(body)}. " : "")
                + (further.Count > 0 ? $"The network has no place for {further.Count} arrays of the file, such as {Some(further)}. " : "")
                + WeightOrigin.Describe([.. used, .. unused])
                + "Choose the architecture and sizes that the file was trained with. To load a part on purpose, call "
                + "PretrainedWeights.Load(network, path, allowPartial: true)."
        );

        static string Some(List<string> names) => string.Join(", ", names.Take(3));
    }

    /// <summary>A name without its numbers: what it is in any block.</summary>
    static string KindOf(string name) => Number().Replace(name, "#");

    /// <summary>The block that an array is in, as <c>blocks.#.</c>; empty outside of all.</summary>
    static string BlockOf(string name) => KindOf(Block().Match(name).Value);

    /// <exception cref="InvalidDataException">The array holds no weights.</exception>
    static void ThrowIfUnusable(string path, string name, Tensor source, Tensor target)
    {
        if (!target.is_floating_point())
            return;
        if (!source.is_floating_point())
            throw new InvalidDataException(
                $"'{path}' has whole numbers ({source.dtype}) in '{name}', as quantized files have. Give a file of floating-point weights."
            );
        // In the network's type, because a double may be beyond what a float can be.
        if (source.to_type(target.dtype).isfinite().logical_not().sum().item<long>() is > 0 and var count)
            throw new InvalidDataException(
                $"'{path}' is damaged, or its training diverged: {count} of the {source.numel()} values of '{name}' are not finite "
                    + "(NaN or infinity). Take an earlier checkpoint."
            );
    }

    [GeneratedRegex(@"^.*?\.\d+\.")]
    private static partial Regex Block();

    [GeneratedRegex(@"\d+")]
    private static partial Regex Number();

    /// <summary>An array that can be changed to fit, with the change; null if there is no sound way.</summary>
    static AdaptedWeight? Adapt(WeightLayout layout, string name, Tensor source, Tensor target)
    {
        if (
            name == layout.FirstConvolution
            && target.shape[1] == 1
            && source.ndim == 4
            && source.shape[0] == target.shape[0]
            && source.shape.Skip(2).SequenceEqual(target.shape.Skip(2))
        )
            return new(source.to_type(ScalarType.Float32).sum(1, keepdim: true), $"{source.shape[1]} colours summed to grey");
        return layout.Adapt(name, source, target);
    }
}
