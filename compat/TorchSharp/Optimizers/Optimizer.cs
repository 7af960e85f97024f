using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Ways to change parameters by their gradients.</summary>
    public static partial class optim
    {
        /// <summary>What has a learning rate.</summary>
        public interface ILearningRateController
        {
            double LearningRate { get; set; }

            double InitialLearningRate { get; set; }
        }

        /// <summary>What has momentum.</summary>
        public interface IMomentum
        {
            double Momentum { get; set; }
        }

        /// <summary>What has decay rates of two moments.</summary>
        public interface IBetas
        {
            (double, double) Betas { get; set; }
        }

        /// <summary>Groups of parameters, each with its options, and a rule to change them.</summary>
        public abstract partial class Optimizer : IDisposable
        {
            private protected readonly List<ParamGroup> _groups = [];

            private protected Optimizer()
            {
            }

            ~Optimizer() => Dispose(false);

            public virtual IEnumerable<ILearningRateController> ParamGroups => _groups;

            public virtual IEnumerable<Parameter> parameters() => _groups.SelectMany(group => group.Parameters);

            public virtual void add_param_group(ParamGroup param_group) => _groups.Add(param_group);

            /// <summary>Fills all gradients with zeros.</summary>
            public virtual void zero_grad()
            {
                foreach (var parameter in parameters())
                {
                    using var gradient = parameter.grad?.DetachFromDisposeScope();
                    gradient?.zero_();
                }
            }

            /// <summary>Changes the parameters once.</summary>
            /// <param name="closure">Computes the loss and its gradients first, if given.</param>
            /// <returns>The closure's loss.</returns>
            public virtual Tensor? step(Func<Tensor>? closure = null) => throw new NotImplementedException();

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
            }

            /// <summary>An optimiser's options by group and its state by parameter; the objects are the optimiser's own.</summary>
            public class StateDictionary
            {
                internal StateDictionary()
                {
                }

                public List<OptimizerOptions> Options { get; } = [];

                public List<OptimizerState> State { get; } = [];

                /// <summary>For each group, the places of its parameters in <see cref="State"/>.</summary>
                public List<List<int>> StateIndexRef { get; } = [];
            }
        }
    }
}
