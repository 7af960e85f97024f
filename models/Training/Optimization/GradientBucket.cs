using System.Runtime.InteropServices;
using NoisyNN.Models.Distributed;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NoisyNN.Models.Training.Optimization;

/// <summary>
/// The gradients of some parameters, side by side in memory, so that one message sums them over all ranks. After them comes a value for
/// each parameter: on how many ranks it has a gradient.
/// </summary>
sealed class GradientBucket : IDisposable
{
    readonly Parameter[] _parameters;
    readonly Tensor _values;
    readonly Tensor[] _gradients;
    PendingSum? _pending;

    /// <param name="parameters">They may be on any device; the bucket is in the memory of the CPU.</param>
    /// <param name="depth">The least depth of their layers (<see cref="LayerDepth"/>).</param>
    public GradientBucket(Parameter[] parameters, int depth)
    {
        (_parameters, Depth) = (parameters, depth);
        _values = zeros(parameters.Sum(parameter => parameter.numel()) + parameters.Length).DetachFromDisposeScope();
        _gradients = new Tensor[parameters.Length];
        var start = 0L;
        for (var index = 0; index < parameters.Length; start += parameters[index++].numel())
            _gradients[index] = _values.narrow(0, start, parameters[index].numel()).view(parameters[index].shape).DetachFromDisposeScope();
    }

    /// <summary>The least depth of the parameters' layers.</summary>
    public int Depth { get; }

    /// <summary>Begins to sum the gradients, which must be complete.</summary>
    public void Begin(ProcessGroup group)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        var values = MemoryMarshal.Cast<byte, float>(_values.bytes);
        for (var index = 0; index < _parameters.Length; index++)
        {
            var gradient = _parameters[index].grad;
            if (gradient is null)
                _gradients[index].zero_();
            else
                _gradients[index].copy_(gradient);
            values[^(_parameters.Length - index)] = gradient is null ? 0 : 1;
        }
        _pending = group.BeginSum(values);
    }

    /// <summary>Lets the sum make progress.</summary>
    public void Advance() => _pending?.Test();

    /// <summary>Waits for the sums and gives them to the parameters. Those that have no gradient on any rank still have none.</summary>
    public void Complete()
    {
        _pending!.Wait();
        _pending = null;
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        var values = MemoryMarshal.Cast<byte, float>(_values.bytes);
        for (var index = 0; index < _parameters.Length; index++)
        {
            if (values[^(_parameters.Length - index)] == 0)
                continue;
            var parameter = _parameters[index];
            if (parameter.grad is { } gradient)
                gradient.copy_(_gradients[index]);
            else
                parameter.grad = _gradients[index].to(parameter.device, copy: true).DetachFromDisposeScope();
        }
    }

    public void Dispose()
    {
        foreach (var gradient in _gradients)
            gradient.Dispose();
        _values.Dispose();
    }
}
