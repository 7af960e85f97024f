using static TorchSharp.torch;

namespace NoisyNN.Models.Onnx.Graphs;

/// <summary>
/// A network's trained arrays by name. Each must be in the graph: an unused array means that a layer was forgotten.
/// </summary>
public sealed class NetworkWeights
{
    readonly IReadOnlyDictionary<string, Tensor> _state;
    readonly HashSet<string> _unused;

    internal NetworkWeights(IReadOnlyDictionary<string, Tensor> state) => (_state, _unused) = (state, [.. state.Keys]);

    /// <summary>An array by its name in the network's state.</summary>
    /// <exception cref="InvalidOperationException">The network has no array of this name.</exception>
    public WeightArray this[string name]
    {
        get
        {
            if (!_state.TryGetValue(name, out var tensor))
                throw new InvalidOperationException($"The network has no weight '{name}'.");
            _unused.Remove(name);
            using var scope = NewDisposeScope();
            return new(name, tensor.detach().cpu().to_type(ScalarType.Float32).contiguous().data<float>().ToArray(), tensor.shape);
        }
    }

    /// <summary>Whether the network has an array of this name.</summary>
    public bool Has(string name) => _state.ContainsKey(name);

    /// <summary>Declares that the graph does not need an array.</summary>
    public void Skip(string name) => _unused.Remove(name);

    /// <summary>Declares that the graph does not need a layer.</summary>
    public void SkipLayer(string name) => _unused.RemoveWhere(weight => weight.StartsWith($"{name}.", StringComparison.Ordinal));

    internal void ThrowIfUnused()
    {
        if (_unused.Count > 0)
            throw new InvalidOperationException(
                $"The graph leaves out the weights {string.Join(", ", _unused.Order(StringComparer.Ordinal))}."
            );
    }
}

/// <summary>One trained array, row-major.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Values">Its values.</param>
/// <param name="Shape">The lengths of its axes.</param>
public sealed record WeightArray(string Name, float[] Values, long[] Shape)
{
    /// <summary>A matrix with its axes exchanged. A linear layer stores [out, in], and <c>MatMul</c> needs [in, out].</summary>
    public WeightArray Transposed()
    {
        var (rows, columns) = ((int)Shape[0], (int)Shape[1]);
        var values = new float[Values.Length];
        for (var row = 0; row < rows; row++)
        for (var column = 0; column < columns; column++)
            values[column * rows + row] = Values[row * columns + column];
        return new($"{Name}/transposed", values, [columns, rows]);
    }

    /// <summary>A part of the array along its first axis.</summary>
    public WeightArray Rows(int start, int count)
    {
        var length = Values.Length / (int)Shape[0];
        return new($"{Name}/{start}..{start + count}", Values[(start * length)..((start + count) * length)], [count, .. Shape[1..]]);
    }
}
