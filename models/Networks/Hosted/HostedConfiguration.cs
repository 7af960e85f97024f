using System.Text.Json.Serialization;
using NoisyNN.Models.Onnx.Graphs;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NoisyNN.Models.Networks.Hosted;

/// <summary>The images and the places for noise of a TorchSharp module of your own, for its trainer.</summary>
public sealed record HostedConfiguration : ImageNetworkConfiguration
{
    IReadOnlyList<string>? _arrays;

    /// <summary>
    /// The submodules before and after which noise can be put, by the names of <c>named_modules()</c>, in the order of the forward pass.
    /// <see cref="Layers.LatentNoisePlacement.Layer"/> counts them. An empty list means the module's children.
    /// </summary>
    public IReadOnlyList<string> Blocks { get; init; } = [];

    /// <summary>The names of the module's arrays in a file of pretrained weights.</summary>
    [JsonIgnore]
    public WeightLayout WeightLayout { get; init; } = new() { Names = "the module's own" };

    /// <summary>The module's ONNX graph; null for none, so that it cannot be exported.</summary>
    [JsonIgnore]
    public NetworkGraph? Graph { get; init; }

    /// <summary>Creates the module for a number of classes. Its initial weights come from torch's default generator.</summary>
    [JsonIgnore]
    internal Func<int, Module<Tensor, Tensor>>? Module
    {
        get;
        init
        {
            field = value;
            _arrays = null;
        }
    }

    /// <summary>The names and shapes of the module's arrays, which identify it in a checkpoint.</summary>
    [JsonInclude]
    internal IReadOnlyList<string> Arrays => _arrays ??= FindArrays();

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Architecture => "hosted";

    /// <inheritdoc/>
    [JsonIgnore]
    public override long ParameterCount
    {
        get
        {
            using var module = CreateModule();
            return module.parameters().Sum(parameter => parameter.numel());
        }
    }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Summary => $"a module of {ParameterCount:N0} parameters";

    /// <summary>
    /// The index of a submodule among <see cref="Blocks"/>, as <see cref="Layers.LatentNoisePlacement.Layer"/> counts it.
    /// </summary>
    /// <exception cref="ArgumentException">The submodule is not among them; the message lists those that are.</exception>
    public int BlockIndex(string submodule)
    {
        var index = Blocks.ToList().IndexOf(submodule);
        return index >= 0
            ? index
            : throw new ArgumentException(
                $"'{submodule}' is not among {nameof(Blocks)}, which are {string.Join(", ", Blocks)}; add it there.",
                nameof(submodule)
            );
    }

    /// <inheritdoc/>
    public override ImageClassifier Create() => new HostedNetwork(this);

    /// <inheritdoc/>
    public override void ValidateStructure()
    {
        ArgumentNullException.ThrowIfNull(WeightLayout);
        if (Blocks.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new ArgumentException($"{nameof(Blocks)} names '{twice.Key}' {twice.Count()} times; name each submodule once.");
    }

    internal Module<Tensor, Tensor> CreateModule()
    {
        var factory =
            Module ?? throw new InvalidOperationException("There is no module yet. Give ml.Vision.Trainer a function that creates it.");
        // The number of classes is unknown until a training has read its labels.
        return factory(Math.Max(ClassCount, 2))
            ?? throw new InvalidOperationException("The module function returned null; let it return a new module.");
    }

    IReadOnlyList<string> FindArrays()
    {
        using var module = CreateModule();
        return [.. module.state_dict().Select(array => $"{array.Key} [{string.Join(", ", array.Value.shape)}]")];
    }
}
