namespace Microsoft.ML
{
    /// <summary>What a trainer wishes for its data.</summary>
    public sealed class TrainerInfo
    {
        internal TrainerInfo()
        {
        }

        public bool NeedNormalization => false;

        public bool WantCaching => false;
    }
}

namespace Microsoft.ML.Trainers
{
    /// <summary>An estimator that trains a model.</summary>
    public interface ITrainerEstimator<out TTransformer, out TModel> : IEstimator<TTransformer>
        where TTransformer : IPredictionTransformer<TModel>
        where TModel : class
    {
        TrainerInfo Info { get; }
    }
}
