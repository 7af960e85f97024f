using Microsoft.ML;
using NoisyNN.Models.Trainers;
using NoisyNN.Models.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace NoisyNN.Models.Networks.Hosted;

/// <summary>
/// Trains a TorchSharp module of your own on a pixel column, as it trains this library's networks: with noise, augmentation, checkpoints
/// and the best epoch's weights. The model appends <c>Score</c>, a vector of class probabilities, and <c>PredictedLabel</c>, a key. Its
/// network is a <see cref="HostedNetwork"/>.
/// </summary>
/// <param name="context">Training runs on the GPU that <see cref="MLContext.GpuDeviceId"/> names, otherwise on the CPU. Progress goes to
/// <see cref="MLContext.Log"/>.</param>
/// <param name="moduleFactory">Creates the module for a number of classes. The module maps normalised pixels [N, C, H, W] to logits [N,
/// classes]. It is called at every fit, and must create a new module each time.</param>
/// <param name="options">The options. They are copied, so later changes have no effect.</param>
public sealed class ModuleTrainer(MLContext context, Func<int, Module<Tensor, Tensor>> moduleFactory, ModuleTrainer.Options options)
    : ClassifierTrainer(context, WithModule(options, moduleFactory))
{
    /// <summary>Options of <see cref="ModuleTrainer"/>.</summary>
    public sealed class Options : ClassifierOptions
    {
        /// <summary>The images, and the places for noise. If the number of classes is 0, it comes from the label column.</summary>
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
