using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What optimisers have in common: options, state, and files of both.</summary>
public abstract class OptimizerHelper : optim.Optimizer
{
    private protected readonly Dictionary<Parameter, OptimizerState> _stateOf = new(ReferenceEqualityComparer.Instance);

    private protected OptimizerHelper()
    {
    }

    /// <summary>Evaluates the closure with gradients, then every group without.</summary>
    protected Tensor? _step<T>(Action<T> body, Func<Tensor>? loss_closure = null) where T : ParamGroup
    {
        Tensor? loss = null;
        if (loss_closure is not null)
        {
            using var tracked = enable_grad();
            loss = loss_closure();
        }
        using var untracked = no_grad();
        using var scope = NewDisposeScope();
        foreach (var group in _groups) body((T)group);
        return loss;
    }

    public override IEnumerable<Parameter> parameters() => base.parameters();

    public override void add_param_group(ParamGroup param_group) => base.add_param_group(param_group);

    public override void zero_grad() => base.zero_grad();

    /// <summary>Moves the state to a device.</summary>
    public void to(Device device)
    {
        foreach (var state in _stateOf.Values) state.to(device);
    }

    public virtual StateDictionary state_dict()
    {
        var dictionary = new StateDictionary();
        foreach (var group in _groups)
        {
            dictionary.Options.Add(group.Options);
            var places = new List<int>();
            foreach (var parameter in group.Parameters)
            {
                places.Add(dictionary.State.Count);
                dictionary.State.Add(_stateOf[parameter]);
            }
            dictionary.StateIndexRef.Add(places);
        }
        return dictionary;
    }

    public virtual void load_state_dict(StateDictionary state_dict)
    {
        var own = this.state_dict();
        Match(own, state_dict.Options.Count, state_dict.State.Count);
        for (var i = 0; i < own.Options.Count; i++)
        {
            if (own.Options[i] != state_dict.Options[i]) own.Options[i].LoadStateDict(state_dict.Options[i]);
        }
        for (var i = 0; i < own.State.Count; i++)
        {
            if (own.State[i] != state_dict.State[i]) own.State[i].LoadStateDict(state_dict.State[i]);
        }
    }

    // ---- files: the optimiser's name, the numbers of groups and states (LEB128), the options, the states

    public void save_state_dict(string location)
    {
        using var stream = File.Create(location);
        using var writer = new BinaryWriter(stream);
        save_state_dict(writer);
    }

    public void save_state_dict(BinaryWriter writer)
    {
        var dictionary = state_dict();
        writer.Write(GetType().Name);
        writer.Write7BitEncodedInt64(dictionary.Options.Count);
        writer.Write7BitEncodedInt64(dictionary.State.Count);
        foreach (var options in dictionary.Options) options.SaveStateDict(writer);
        foreach (var state in dictionary.State) state.SaveStateDict(writer);
    }

    public void load_state_dict(string location)
    {
        using var stream = File.OpenRead(location);
        using var reader = new BinaryReader(stream);
        load_state_dict(reader);
    }

    public void load_state_dict(BinaryReader reader)
    {
        var written = reader.ReadString();
        if (written != GetType().Name)
            throw new InvalidDataException($"Mismatched optimizer type: expected '{GetType().Name}', but found '{written}' in the loaded stream.");
        var own = state_dict();
        Match(own, reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64());
        foreach (var options in own.Options) options.LoadStateDict(reader);
        foreach (var state in own.State) state.LoadStateDict(reader);
    }

    private static void Match(StateDictionary own, long groups, long states)
    {
        if (groups != own.Options.Count)
            throw new ArgumentException($"Invalid optimizer state -- different number of parameter groups: {own.Options.Count} here, {groups} there.");
        if (states != own.State.Count)
            throw new ArgumentException($"Invalid optimizer state -- different number of states: {own.State.Count} here, {states} there.");
    }
}

/// <summary>A group's options; what is not set is taken from the optimiser.</summary>
public class OptimizerOptions
{
    public double? LearningRate { get; set; }

    public double InitialLearningRate { get; set; }

    public virtual void SaveStateDict(BinaryWriter writer)
    {
        writer.Write(InitialLearningRate);
        writer.Write(LearningRate!.Value);
    }

    public virtual void LoadStateDict(BinaryReader reader)
    {
        InitialLearningRate = reader.ReadDouble();
        LearningRate = reader.ReadDouble();
    }

    public virtual void LoadStateDict(OptimizerOptions source) => (InitialLearningRate, LearningRate) = (source.InitialLearningRate, source.LearningRate);
}

/// <summary>What an optimiser remembers of one parameter.</summary>
public abstract class OptimizerState
{
    protected Parameter _parameter;

    protected OptimizerState(Parameter parameter) => _parameter = parameter;

    public abstract void Initialize(OptimizerOptions options);

    public abstract void SaveStateDict(BinaryWriter writer);

    public abstract void LoadStateDict(BinaryReader reader);

    public abstract void LoadStateDict(OptimizerState source);

    public virtual bool ApproximatelyEquals(OptimizerState other) => false;

    public virtual void to(Device device)
    {
    }

    private protected static void SaveOptional(BinaryWriter writer, Tensor? tensor)
    {
        writer.Write(tensor is not null);
        tensor?.Save(writer);
    }

    private protected Tensor? LoadOptional(BinaryReader reader, Tensor? old)
    {
        old?.Dispose();
        if (!reader.ReadBoolean()) return null;
        using var read = TensorExtensionMethods.Load(reader).DetachFromDisposeScope();
        return Own(read);
    }

    /// <summary>A copy that lives on the parameter's device until it is disposed by name.</summary>
    private protected Tensor Own(Tensor tensor) => tensor.to(tensor.dtype, _parameter.device, copy: true).DetachFromDisposeScope();
}

/// <summary>Parameters that share options.</summary>
public class ParamGroup : optim.ILearningRateController
{
    public IEnumerable<Parameter> Parameters { get; set; } = [];

    public OptimizerOptions Options { get; set; } = null!;

    public double LearningRate
    {
        get => Options.LearningRate!.Value;
        set => Options.LearningRate = value;
    }

    public double InitialLearningRate
    {
        get => Options.InitialLearningRate;
        set => Options.InitialLearningRate = value;
    }
}

/// <summary>Parameters that share options of a type.</summary>
public class ParamGroup<TOptions> : ParamGroup where TOptions : OptimizerOptions
{
    public ParamGroup()
    {
    }

    public ParamGroup(IEnumerable<Parameter> parameters, TOptions? options = null) => (Parameters, base.Options) = (parameters, options!);

    public new TOptions Options
    {
        get => (TOptions)base.Options;
        set => base.Options = value;
    }
}
