using Microsoft.ML;
using NoisyNN.Models.Trainers;
using NoisyNN.Models.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NoisyNN.Models.Networks.Hosted;

/// <summary>
/// Trains a TorchSharp module of your own on a pixel column, as this library's networks are trained: with noise, augmentation, checkpoints
/// and the best epoch's weights. The model appends <c>Score</c>, a vector of class probabilities, and <c>PredictedLabel</c>, a key; its
/// network is a <see cref="HostedNetwork"/>.
/// </summary>
/// <param name="context">The device is the GPU that <see cref="MLContext.GpuDeviceId"/> names, otherwise the CPU; progress goes to
/// <see cref="MLContext.Log"/>.</param>
/// <param name="moduleFactory">Makes the module for a number of classes: from normalised pixels [N, C, H, W] to logits [N, classes]. It is
/// called at every fit, and must make a new module each time.</param>
/// <param name="options">Copied; what is changed in them later has no effect.</param>
public sealed class ModuleTrainer(MLContext context, Func<int, Module<Tensor, Tensor>> moduleFactory, ModuleTrainer.Options options)
    : ClassifierTrainer(context, WithModule(options, moduleFactory))
{
    /// <summary>Options of <see cref="ModuleTrainer"/>.</summary>
    public sealed class Options : ClassifierOptions
    {
        /// <summary>The images, and the places for noise; the number of classes comes from the label column where it is 0.</summary>
        public HostedConfiguration Network = new();

        internal override ClassifierConfiguration Configuration => Network;

        internal Options With(Func<int, Module<Tensor, Tensor>> module)
        {
            var copy = (Options)MemberwiseClone();
            copy.Network = Network with { Module = module };
            return copy;
        }
    }

    static Options WithModule(Options options, Func<int, Module<Tensor, Tensor>> moduleFactory)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(moduleFactory);
        return options.With(moduleFactory);
    }
}
