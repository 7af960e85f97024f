using Microsoft.ML;
using NoisyNN.Models.Trainers;
using NoisyNN.Models.Training;

namespace NoisyNN.Models.Networks.Probe;

/// <summary>
/// Trains a <see cref="NoisyClassifier"/>, a linear probe or a small perceptron, on a column of vectors. The trainer can add noise to the
/// column (<see cref="ClassifierOptions.InputNoise"/>, in the column's units, drawn anew in every epoch) and inside the network
/// (<see cref="ClassifierOptions.LatentNoise"/>, in standard deviations).
/// </summary>
/// <param name="context">Training runs on the GPU that <see cref="MLContext.GpuDeviceId"/> names, otherwise on the CPU. Progress goes to
/// <see cref="MLContext.Log"/>.</param>
/// <param name="options">The options, read again at every <see cref="ClassifierTrainer.Fit(IDataView)"/>.</param>
public sealed class NoisyClassifierTrainer(MLContext context, NoisyClassifierTrainer.Options options) : ClassifierTrainer(context, options)
{
    /// <summary>Options of <see cref="NoisyClassifierTrainer"/>.</summary>
    public sealed class Options : ClassifierOptions
    {
        /// <summary>Options that read the column <c>Features</c>.</summary>
        public Options() => FeatureColumnName = "Features";

        /// <summary>
        /// The sizes. If the number of features is 0, it comes from the feature column; if that of classes is 0, from the label column.
        /// </summary>
        public NoisyClassifierConfiguration Network = new();

        internal override ClassifierConfiguration Configuration => Network;

        internal override void Validate()
        {
            base.Validate();
            Require(Augmentation is null, nameof(Augmentation), "set", "vectors cannot be cropped or flipped like images; set it to null");
        }
    }
}
