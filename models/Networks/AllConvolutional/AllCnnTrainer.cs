using Microsoft.ML;
using NoisyNN.Models.Trainers;
using NoisyNN.Models.Training;

namespace NoisyNN.Models.Networks.AllConvolutional;

/// <summary>
/// Trains an <see cref="AllCnn"/> with Information Dropout on a pixel column. The loss is the cross entropy plus the price of
/// each noise layer, the KL of its noise. Reports list the price layer by layer. Before each evaluation, the normalisations are
/// estimated again without noise.
/// </summary>
/// <param name="context">Training runs on the GPU that <see cref="MLContext.GpuDeviceId"/> names, otherwise on the CPU. Progress goes to
/// <see cref="MLContext.Log"/>.</param>
/// <param name="options">The options, read again at every <see cref="ClassifierTrainer.Fit(IDataView)"/>.</param>
public sealed class AllCnnTrainer(MLContext context, AllCnnTrainer.Options options) : ClassifierTrainer(context, options)
{
    /// <summary>Options of <see cref="AllCnnTrainer"/>.</summary>
    public sealed class Options : ClassifierOptions
    {
        /// <summary>The network's sizes and its noise. If its number of classes is 0, it comes from the label column.</summary>
        public AllCnnConfiguration Network = new();

        internal override ClassifierConfiguration Configuration => Network;
    }
}
