using static TorchSharp.torch;

namespace NoisyNN.Models.Onnx.Graphs;

/// <summary>
/// A network's trained arrays by name. Each must be put into the graph: one that nobody asks for is a layer that was forgotten.
/// </summary>
sealed class NetworkWeights(IReadOnlyDictionary<string, Tensor> state)
{
    readonly HashSet<string> _unused = [.. state.Keys];

    public WeightArray this[string name]
    {
        get
        {
            if (!state.TryGetValue(name, out var tensor))
                throw new InvalidOperationException($"The network has no weight '{name}'.");
            _unused.Remove(name);
            using var scope = NewDisposeScope();
            return new(name, tensor.detach().cpu().to_type(ScalarType.Float32).contiguous().data<float>().ToArray(), tensor.shape);
        }
    }

    public bool Has(string name) => state.ContainsKey(name);

    /// <summary>Says that the graph has no use for an array.</summary>
    public void Skip(string name) => _unused.Remove(name);

    /// <summary>Says that the graph has no use for a whole layer.</summary>
    public void SkipLayer(string name) => _unused.RemoveWhere(weight => weight.StartsWith($"{name}.", StringComparison.Ordinal));

    public void ThrowIfUnused()
    {
        if (_unused.Count > 0)
            throw new InvalidOperationException(
                $"The graph leaves out the weights {string.Join(", ", _unused.Order(StringComparer.Ordinal))}."
            );
    }
}

/// <summary>One trained array, row-major.</summary>
sealed record WeightArray(string Name, float[] Values, long[] Shape)
{
    /// <summary>A matrix with its axes exchanged: a linear layer keeps [out, in], <c>MatMul</c> wants [in, out].</summary>
    public WeightArray Transposed()
    {
        var (rows, columns) = ((int)Shape[0], (int)Shape[1]);
        var values = new float[Values.Length];
        for (var row = 0; row < rows; row++)
        for (var column = 0; column < columns; column++)
            values[column * rows + row] = Values[row * columns + column];
        return new($"{Name}/transposed", values, [columns, rows]);
    }

    /// <summary>Some of the array along its first axis.</summary>
    public WeightArray Rows(int start, int count)
    {
        var length = Values.Length / (int)Shape[0];
        return new($"{Name}/{start}..{start + count}", Values[(start * length)..((start + count) * length)], [count, .. Shape[1..]]);
    }
}
