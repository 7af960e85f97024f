using TorchSharp.Modules;

namespace NoisyNN.Models.Networks;

/// <summary>Keeps gradients from parameters while it lives. The gradients that they have stay as they are.</summary>
sealed class FrozenParameters : IDisposable
{
    readonly Parameter[] _frozen;

    /// <param name="parameters">The parameters; those that need no gradient anyway stay so.</param>
    public FrozenParameters(IEnumerable<Parameter> parameters)
    {
        _frozen = [.. parameters.Where(parameter => parameter.requires_grad)];
        Require(false);
    }

    public void Dispose() => Require(true);

    void Require(bool gradients)
    {
        foreach (var parameter in _frozen)
            parameter.requires_grad = gradients;
    }
}
