using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NoisyNN.Transforms.Entropy.Estimators;

/// <summary>A lower bound of the information between the rows of a batch, with the networks that make it tight.</summary>
abstract class VariationalBound(params Perceptron[] networks) : IDisposable
{
    public IEnumerable<Parameter> Parameters => networks.SelectMany(network => network.Parameters);

    /// <summary>The bound in nats, a scalar with a gradient.</summary>
    /// <param name="x">[batch, D].</param>
    /// <param name="y">[batch, E].</param>
    public abstract Tensor Nats(Tensor x, Tensor y);

    public void Dispose()
    {
        foreach (var parameter in Parameters)
            parameter.Dispose();
    }
}
