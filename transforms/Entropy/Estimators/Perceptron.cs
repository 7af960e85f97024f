using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NoisyNN.Transforms.Entropy.Estimators;

/// <summary>
/// Two hidden layers of ReLU. Its weights are drawn outside of libtorch, so that an estimate leaves the generator of the process alone.
/// </summary>
sealed class Perceptron
{
    const int Width = 64;

    readonly List<(Parameter Weight, Parameter Bias)> _layers = [];

    public Perceptron(int inputs, int outputs, Random random)
    {
        int[] sizes = [inputs, Width, Width, outputs];
        foreach (var (before, after) in sizes.Zip(sizes.Skip(1)))
        {
            // He et al., arXiv 1502.01852.
            var scale = Math.Sqrt(2.0 / before);
            float[] weights = [.. Enumerable.Range(0, before * after).Select(_ => (float)(scale * random.NextGaussian()))];
            _layers.Add((new(from_array(weights).reshape(after, before)), new(zeros(after))));
        }
        foreach (var parameter in Parameters)
            parameter.DetachFromDisposeScope();
    }

    public IEnumerable<Parameter> Parameters => _layers.SelectMany(layer => (Parameter[])[layer.Weight, layer.Bias]);

    /// <summary>[batch, inputs] to [batch, outputs].</summary>
    public Tensor Forward(Tensor rows)
    {
        foreach (var (index, layer) in _layers.Index())
        {
            rows = nn.functional.linear(rows, layer.Weight, layer.Bias);
            if (index < _layers.Count - 1)
                rows = nn.functional.relu(rows);
        }
        return rows;
    }
}
