using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    /// <summary>A loss of an input and a target.</summary>
    public abstract class Loss<T1, T2, TResult> : nn.Module<T1, T2, TResult>
    {
        public Loss(nn.Reduction reduction = nn.Reduction.Mean) : base("Loss") => this.reduction = reduction;

        public nn.Reduction reduction { get; }
    }

    /// <summary>A loss that weighs classes or elements.</summary>
    public abstract class WeightedLoss<T1, T2, TResult> : Loss<T1, T2, TResult>
    {
        public WeightedLoss(Tensor? weight = null, nn.Reduction reduction = nn.Reduction.Mean) : base(reduction) => this.weight = weight;

        public Tensor? weight { get; }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>The negative logarithm of the probability that a softmax gives to the target.</summary>
    public sealed class CrossEntropyLoss(Tensor? weight = null, long? ignore_index = null, nn.Reduction reduction = nn.Reduction.Mean, double label_smoothing = 0)
        : WeightedLoss<Tensor, Tensor, Tensor>(weight, reduction)
    {
        public long? ignore_index { get; } = ignore_index;

        public double label_smoothing { get; } = label_smoothing;

        public override Tensor forward(Tensor input, Tensor target) =>
            nn.functional.cross_entropy(input, target, weight, ignore_index ?? -100, reduction, label_smoothing);
    }

    /// <summary>The mean squared difference.</summary>
    public sealed class MSELoss(nn.Reduction reduction = nn.Reduction.Mean) : Loss<Tensor, Tensor, Tensor>(reduction)
    {
        public override Tensor forward(Tensor input, Tensor target) => nn.functional.mse_loss(input, target, reduction);
    }

    /// <summary>Binary cross-entropy of logits with target probabilities.</summary>
    public sealed class BCEWithLogitsLoss(Tensor? weight = null, nn.Reduction reduction = nn.Reduction.Mean, Tensor? pos_weights = null)
        : WeightedLoss<Tensor, Tensor, Tensor>(weight, reduction)
    {
        public Tensor? pos_weights { get; } = pos_weights;

        public override Tensor forward(Tensor input, Tensor target) =>
            nn.functional.binary_cross_entropy_with_logits(input, target, weight, reduction, pos_weights);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>What becomes of the losses of single elements.</summary>
            public enum Reduction : long
            {
                None = 0,
                Mean = 1,
                Sum = 2,
            }

            public static CrossEntropyLoss CrossEntropyLoss(Tensor? weight = null, long? ignore_index = null, Reduction reduction = Reduction.Mean) =>
                new(weight, ignore_index, reduction);

            public static MSELoss MSELoss(Reduction reduction = Reduction.Mean) => new(reduction);

            public static BCEWithLogitsLoss BCEWithLogitsLoss(Tensor? weight = null, Reduction reduction = Reduction.Mean, Tensor? pos_weights = null) =>
                new(weight, reduction, pos_weights);
        }
    }
}
