using Microsoft.ML;
using NoisyNN.Models.Trainers;
using NoisyNN.Models.Training;

namespace NoisyNN.Models.Networks.ResNet;

/// <summary>
/// Trains a <see cref="NoisyResNet"/> on a pixel column. The model appends <c>Score</c>, a vector of class probabilities, and
/// <c>PredictedLabel</c>, a key.
/// </summary>
/// <param name="context">Training runs on the GPU that <see cref="MLContext.GpuDeviceId"/> names, otherwise on the CPU. Progress goes to
/// <see cref="MLContext.Log"/>.</param>
/// <param name="options">The options, read again at every <see cref="ClassifierTrainer.Fit(IDataView)"/>.</param>
public sealed class NoisyResNetTrainer(MLContext context, NoisyResNetTrainer.Options options) : ClassifierTrainer(context, options)
{
    /// <summary>Options of <see cref="NoisyResNetTrainer"/>.</summary>
    public sealed class Options : ClassifierOptions
    {
        /// <summary>The network's sizes. If its number of classes is 0, it comes from the label column.</summary>
        public NoisyResNetConfiguration Network = new();

        internal override ClassifierConfiguration Configuration => Network;
    }
}
