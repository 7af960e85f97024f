using System.ComponentModel.DataAnnotations;
using NoisyNN.Models.Training;
using NoisyNN.Models.Training.Declarations;

namespace NoisyNN.Models.Networks.Autoencoder;

public sealed partial class InformationVaeTrainer
{
    /// <summary>
    /// Options of <see cref="InformationVaeTrainer"/>. Where the defaults of a recipe are those of classifiers, it has its own: 20 epochs
    /// of batches of 128, a rate that ends at a tenth, and neither weight decay, nor clipped gradients, nor label smoothing. The epoch with
    /// the best bound of the validation rows is kept.
    /// </summary>
    public sealed class Options : TrainingOptions
    {
        /// <summary>Options with the defaults of an autoencoder.</summary>
        public Options()
        {
            (MaxEpoch, BatchSize, FinalLearningRateRatio) = (20, 128, 0.1);
            (WeightDecay, ClipNorm, LabelSmoothing) = (0, 0, 0);
        }

        /// <summary>The column of codes without noise that is appended.</summary>
        [Option(OptionEffect.Execution, Remedy = "give the name of a column"), Required]
        public string EmbeddingColumnName = "Embedding";

        /// <summary>
        /// The column of bounds that is appended, nats, each with one draw of the code that depends on the row alone; null for none. A
        /// model with it cannot be saved by <c>Model.Save</c>.
        /// </summary>
        [Option(OptionEffect.Execution)]
        public string? BoundColumnName = "Bound";

        /// <summary>The sizes and the posterior.</summary>
        public InformationVaeConfiguration Network = new();

        internal override NetworkConfiguration Configuration => Network;

        /// <inheritdoc/>
        public override void ThrowIfInvalid()
        {
            base.ThrowIfInvalid();
            const string WithoutClasses = "an autoencoder has no classes";
            Require(LabelSmoothing == 0, nameof(LabelSmoothing), LabelSmoothing, $"{WithoutClasses} to smooth; set it to 0");
            Require(!BalanceClasses, nameof(BalanceClasses), BalanceClasses, $"{WithoutClasses} to balance; set it to false");
            Require(
                ClassWeights.Count == 0,
                nameof(ClassWeights),
                string.Join(' ', ClassWeights),
                $"{WithoutClasses} to weigh; leave it empty"
            );
            Require(
                Augmentation is not { MixupAlpha: > 0 },
                nameof(Augmentation.MixupAlpha),
                Augmentation?.MixupAlpha ?? 0,
                $"{WithoutClasses} to mix; set it to 0"
            );
            Require(SimClr is null, nameof(SimClr), "set", "an autoencoder learns without labels already; leave it null");
            Require(LayerRateDecay == 1, nameof(LayerRateDecay), LayerRateDecay, "an autoencoder has no blocks; set it to 1");
            Require(LinearProduct is null, nameof(LinearProduct), $"{LinearProduct}", "only transformers have the choice; leave it null");
        }

        /// <inheritdoc/>
        internal override void Validate()
        {
            base.Validate();
            Require(
                BoundColumnName is null || (BoundColumnName.Trim().Length > 0 && BoundColumnName != EmbeddingColumnName),
                nameof(BoundColumnName),
                BoundColumnName!,
                $"it must be a name other than {nameof(EmbeddingColumnName)}, or null"
            );
        }
    }
}
