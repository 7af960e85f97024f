using TorchSharp.Interop;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>Stochastic gradient descent, with momentum if asked for.</summary>
    public class SGD : OptimizerHelper, optim.IMomentum
    {
        private readonly Options _options;

        public SGD(IEnumerable<Parameter> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
            : this([new ParamGroup { Parameters = parameters }], lr, momentum, dampening, weight_decay, nesterov, maximize)
        {
        }

        public SGD(IEnumerable<ParamGroup> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
        {
            if (lr < 0) throw new ArgumentException($"Invalid learning rate: {lr}", nameof(lr));
            if (momentum < 0) throw new ArgumentException($"Invalid momentum value: {momentum}", nameof(momentum));
            if (weight_decay < 0) throw new ArgumentException($"Invalid weight_decay value: {weight_decay}", nameof(weight_decay));
            if (nesterov && (momentum == 0 || dampening != 0)) throw new ArgumentException("Nesterov momentum requires a momentum and zero dampening", nameof(nesterov));
            _options = new Options
            {
                LearningRate = lr, InitialLearningRate = lr, momentum = momentum, dampening = dampening, weight_decay = weight_decay, nesterov = nesterov, maximize = maximize,
            };
            foreach (var group in parameters) add_param_group(group);
        }

        public double Momentum
        {
            get => _options.momentum!.Value;
            set => _options.momentum = value;
        }

        public override void add_param_group(Modules.ParamGroup param_group)
        {
            var options = (Options)(param_group.Options ??= new Options());
            options.LearningRate ??= _options.LearningRate;
            options.momentum ??= _options.momentum;
            options.dampening ??= _options.dampening;
            options.weight_decay ??= _options.weight_decay;
            options.nesterov ??= _options.nesterov;
            options.maximize ??= _options.maximize;
            options.InitialLearningRate = options.LearningRate!.Value;
            param_group.Parameters = [.. param_group.Parameters];
            base.add_param_group(param_group);
            foreach (var parameter in param_group.Parameters) (_stateOf[parameter] = new State(parameter)).Initialize(options);
        }

        public override Tensor? step(Func<Tensor>? closure = null) => _step<ParamGroup>(Update, closure);

        private void Update(ParamGroup group)
        {
            var options = group.Options;
            double momentum = options.momentum!.Value, decay = options.weight_decay!.Value;
            var moving = group.Parameters.Select(parameter => (parameter, gradient: parameter.grad)).Where(entry => entry.gradient is not null).ToArray();
            if (moving.Length == 0) return;
            var parameters = Array.ConvertAll(moving, entry => (Tensor)entry.parameter);
            var gradients = Array.ConvertAll(moving, entry => entry.gradient!);
            if (options.maximize!.Value) gradients = Aten._foreach_neg.List(gradients);
            if (decay != 0) gradients = Aten._foreach_add_List.List(gradients, parameters, decay);
            if (momentum != 0)
            {
                for (var i = 0; i < moving.Length; i++)
                {
                    var state = (State)_stateOf[moving[i].parameter];
                    if (state.momentum_buffer is null) state.momentum_buffer = gradients[i].clone().DetachFromDisposeScope();
                    else state.momentum_buffer.mul_(momentum).add_(gradients[i], 1 - options.dampening!.Value);
                    gradients[i] = options.nesterov!.Value ? gradients[i].add(state.momentum_buffer, momentum) : state.momentum_buffer;
                }
            }
            Aten._foreach_add__List.Run(parameters, gradients, -options.LearningRate!.Value);
        }

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (!disposing) return;
            foreach (var state in _stateOf.Values) ((State)state).Dispose();
        }

        /// <summary>The decaying sum of a parameter's gradients, from its first step on.</summary>
        public sealed class State(Parameter parameter) : OptimizerState(parameter), IDisposable
        {
            public Tensor? momentum_buffer;

            public override void Initialize(OptimizerOptions options)
            {
                Dispose();
                momentum_buffer = null;
            }

            public override void SaveStateDict(BinaryWriter writer) => SaveOptional(writer, momentum_buffer);

            public override void LoadStateDict(BinaryReader reader) => momentum_buffer = LoadOptional(reader, momentum_buffer);

            public override void LoadStateDict(OptimizerState source)
            {
                Dispose();
                momentum_buffer = ((State)source).momentum_buffer is { } buffer ? Own(buffer) : null;
            }

            public override bool ApproximatelyEquals(OptimizerState other) =>
                other is State state && (momentum_buffer is null ? state.momentum_buffer is null : state.momentum_buffer is { } buffer && momentum_buffer.allclose(buffer));

            public override void to(Device device) => momentum_buffer = momentum_buffer?.to(device).DetachFromDisposeScope();

            public void Dispose() => momentum_buffer?.Dispose();
        }

        public class Options : OptimizerOptions
        {
            public double? momentum;
            public double? dampening;
            public double? weight_decay;
            public bool? nesterov;
            public bool? maximize;

            public override void SaveStateDict(BinaryWriter writer)
            {
                base.SaveStateDict(writer);
                writer.Write(momentum!.Value);
                writer.Write(dampening!.Value);
                writer.Write(weight_decay!.Value);
                writer.Write(nesterov!.Value);
                writer.Write(maximize!.Value);
            }

            public override void LoadStateDict(BinaryReader reader)
            {
                base.LoadStateDict(reader);
                momentum = reader.ReadDouble();
                dampening = reader.ReadDouble();
                weight_decay = reader.ReadDouble();
                nesterov = reader.ReadBoolean();
                maximize = reader.ReadBoolean();
            }

            public override void LoadStateDict(OptimizerOptions source)
            {
                base.LoadStateDict(source);
                var other = (Options)source;
                (momentum, dampening, weight_decay, nesterov, maximize) = (other.momentum, other.dampening, other.weight_decay, other.nesterov, other.maximize);
            }
        }

        public class ParamGroup : ParamGroup<Options>, optim.IMomentum
        {
            public ParamGroup()
            {
            }

            public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options)
            {
            }

            public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.001, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
                : base(parameters, new Options { LearningRate = lr, momentum = momentum, dampening = dampening, weight_decay = weight_decay, nesterov = nesterov, maximize = maximize })
            {
            }

            public double Momentum
            {
                get => Options.momentum!.Value;
                set => Options.momentum = value;
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
            public static SGD SGD(IEnumerable<Parameter> parameters, double learningRate, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false) =>
                new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);

            public static SGD SGD(IEnumerable<(string name, Parameter parameter)> parameters, double learningRate, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false) =>
                new(parameters.Select(entry => entry.parameter), learningRate, momentum, dampening, weight_decay, nesterov, maximize);

            public static SGD SGD(IEnumerable<SGD.ParamGroup> parameters, double learningRate, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false) =>
                new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);
        }
    }
}
