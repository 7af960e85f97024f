using TorchSharp.Interop;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>Adam with weight decay apart from the gradient: Loshchilov and Hutter (2019).</summary>
    /// <remarks>Parameters go through libtorch's operators on lists, a handful of calls for all of them; the arithmetic is PyTorch's, in its order.</remarks>
    public class AdamW : OptimizerHelper, optim.IBetas
    {
        private readonly Options _options;

        public AdamW(IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)
        {
        }

        public AdamW(IEnumerable<ParamGroup> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
        {
            if (lr < 0) throw new ArgumentException($"Invalid learning rate: {lr}", nameof(lr));
            if (eps < 0) throw new ArgumentException($"Invalid ε: {eps}", nameof(eps));
            if (beta1 is not (>= 0 and < 1)) throw new ArgumentException($"Invalid beta1: {beta1}", nameof(beta1));
            if (beta2 is not (>= 0 and < 1)) throw new ArgumentException($"Invalid beta2: {beta2}", nameof(beta2));
            if (weight_decay < 0) throw new ArgumentException($"Invalid weight_decay value: {weight_decay}", nameof(weight_decay));
            _options = new Options
            {
                LearningRate = lr, InitialLearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay, amsgrad = amsgrad, maximize = maximize,
            };
            foreach (var group in parameters) add_param_group(group);
        }

        public (double, double) Betas
        {
            get => (_options.beta1!.Value, _options.beta2!.Value);
            set => (_options.beta1, _options.beta2) = (value.Item1, value.Item2);
        }

        public override void add_param_group(Modules.ParamGroup param_group)
        {
            var options = (Options)(param_group.Options ??= new Options());
            options.LearningRate ??= _options.LearningRate;
            options.beta1 ??= _options.beta1;
            options.beta2 ??= _options.beta2;
            options.eps ??= _options.eps;
            options.weight_decay ??= _options.weight_decay;
            options.amsgrad ??= _options.amsgrad;
            options.maximize ??= _options.maximize;
            options.InitialLearningRate = options.LearningRate!.Value;
            param_group.Parameters = [.. param_group.Parameters];
            base.add_param_group(param_group);
            foreach (var parameter in param_group.Parameters) (_stateOf[parameter] = new State(parameter)).Initialize(options);
        }

        public override Tensor? step(Func<Tensor>? closure = null) => _step<ParamGroup>(Update, closure);

        private void Update(ParamGroup group)
        {
            // Parameters that were without a gradient at times are fewer steps along than the others.
            var bySteps = group.Parameters
                .Select(parameter => (parameter, gradient: parameter.grad, state: (State)_stateOf[parameter]))
                .Where(entry => entry.gradient is not null)
                .GroupBy(entry => ++entry.state.step);
            foreach (var entries in bySteps)
            {
                Update(group.Options, entries.Key,
                    [.. entries.Select(entry => (Tensor)entry.parameter)], [.. entries.Select(entry => entry.gradient!)], [.. entries.Select(entry => entry.state)]);
            }
        }

        private static void Update(Options options, long step, Tensor[] parameters, Tensor[] gradients, State[] states)
        {
            double rate = options.LearningRate!.Value, beta1 = options.beta1!.Value, beta2 = options.beta2!.Value, decay = options.weight_decay!.Value;
            var means = Array.ConvertAll(states, state => state.exp_avg);
            var squares = Array.ConvertAll(states, state => state.exp_avg_sq);

            if (options.maximize!.Value) gradients = Aten._foreach_neg.List(gradients);
            if (decay != 0) Aten._foreach_mul__Scalar.Run(parameters, 1 - (rate * decay));

            Aten._foreach_mul__Scalar.Run(means, beta1);
            Aten._foreach_add__List.Run(means, gradients, 1 - beta1);
            Aten._foreach_mul__Scalar.Run(squares, beta2);
            Aten._foreach_addcmul__Scalar.Run(squares, gradients, gradients, 1 - beta2);

            if (options.amsgrad!.Value)
            {
                foreach (var state in states)
                {
                    var greatest = maximum(state.max_exp_avg_sq!, state.exp_avg_sq).DetachFromDisposeScope();
                    state.max_exp_avg_sq!.Dispose();
                    state.max_exp_avg_sq = greatest;
                }
                squares = Array.ConvertAll(states, state => state.max_exp_avg_sq!);
            }
            var denominators = Aten._foreach_sqrt.List(squares);
            Aten._foreach_div__Scalar.Run(denominators, Math.Sqrt(1 - Math.Pow(beta2, step)));
            Aten._foreach_add__Scalar.Run(denominators, options.eps!.Value);
            Aten._foreach_addcdiv__Scalar.Run(parameters, means, denominators, -rate / (1 - Math.Pow(beta1, step)));
        }

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (!disposing) return;
            foreach (var state in _stateOf.Values) ((State)state).Dispose();
        }

        /// <summary>The decaying averages of a parameter's gradient and of its square, and the number of steps so far.</summary>
        public sealed class State(Parameter parameter) : OptimizerState(parameter), IDisposable
        {
            public long step;
            public Tensor exp_avg = null!;
            public Tensor exp_avg_sq = null!;
            public Tensor? max_exp_avg_sq;

            public override void Initialize(OptimizerOptions options)
            {
                Dispose();
                step = 0;
                exp_avg = zeros_like(_parameter).DetachFromDisposeScope();
                exp_avg_sq = zeros_like(_parameter).DetachFromDisposeScope();
                max_exp_avg_sq = ((Options)options).amsgrad is true ? zeros_like(_parameter).DetachFromDisposeScope() : null;
            }

            public override void SaveStateDict(BinaryWriter writer)
            {
                writer.Write(step);
                exp_avg.Save(writer);
                exp_avg_sq.Save(writer);
                SaveOptional(writer, max_exp_avg_sq);
            }

            public override void LoadStateDict(BinaryReader reader)
            {
                step = reader.ReadInt64();
                exp_avg.Load(reader);
                exp_avg_sq.Load(reader);
                max_exp_avg_sq = LoadOptional(reader, max_exp_avg_sq);
            }

            public override void LoadStateDict(OptimizerState source)
            {
                var other = (State)source;
                Dispose();
                step = other.step;
                exp_avg = Own(other.exp_avg);
                exp_avg_sq = Own(other.exp_avg_sq);
                max_exp_avg_sq = other.max_exp_avg_sq is { } greatest ? Own(greatest) : null;
            }

            public override bool ApproximatelyEquals(OptimizerState other) =>
                other is State state && step == state.step && exp_avg.allclose(state.exp_avg) && exp_avg_sq.allclose(state.exp_avg_sq)
                && (max_exp_avg_sq is null || (state.max_exp_avg_sq is { } greatest && max_exp_avg_sq.allclose(greatest)));

            public override void to(Device device)
            {
                exp_avg = exp_avg.to(device).DetachFromDisposeScope();
                exp_avg_sq = exp_avg_sq.to(device).DetachFromDisposeScope();
                max_exp_avg_sq = max_exp_avg_sq?.to(device).DetachFromDisposeScope();
            }

            public void Dispose()
            {
                exp_avg?.Dispose();
                exp_avg_sq?.Dispose();
                max_exp_avg_sq?.Dispose();
            }
        }

        public class Options : OptimizerOptions
        {
            public double? beta1;
            public double? beta2;
            public double? weight_decay;
            public double? eps;
            public bool? amsgrad;
            public bool? maximize;

            public override void SaveStateDict(BinaryWriter writer)
            {
                base.SaveStateDict(writer);
                writer.Write(beta1!.Value);
                writer.Write(beta2!.Value);
                writer.Write(eps!.Value);
                writer.Write(weight_decay!.Value);
                writer.Write(amsgrad!.Value);
                writer.Write(maximize!.Value);
            }

            public override void LoadStateDict(BinaryReader reader)
            {
                base.LoadStateDict(reader);
                beta1 = reader.ReadDouble();
                beta2 = reader.ReadDouble();
                eps = reader.ReadDouble();
                weight_decay = reader.ReadDouble();
                amsgrad = reader.ReadBoolean();
                maximize = reader.ReadBoolean();
            }

            public override void LoadStateDict(OptimizerOptions source)
            {
                base.LoadStateDict(source);
                var other = (Options)source;
                (beta1, beta2, eps, weight_decay, amsgrad, maximize) = (other.beta1, other.beta2, other.eps, other.weight_decay, other.amsgrad, other.maximize);
            }
        }

        public class ParamGroup : ParamGroup<Options>, optim.IBetas
        {
            public ParamGroup()
            {
            }

            public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options)
            {
            }

            public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
                : base(parameters, new Options { LearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay, amsgrad = amsgrad, maximize = maximize })
            {
            }

            public (double, double) Betas
            {
                get => (Options.beta1!.Value, Options.beta2!.Value);
                set => (Options.beta1, Options.beta2) = (value.Item1, value.Item2);
            }
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class optim
        {
            public static AdamW AdamW(IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

            public static AdamW AdamW(IEnumerable<(string name, Parameter parameter)> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters.Select(entry => entry.parameter), lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

            public static AdamW AdamW(IEnumerable<AdamW.ParamGroup> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);
        }
    }
}
