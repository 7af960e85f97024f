namespace NoisyNN.Pipelines.Experiments;

/// <summary>A run was interrupted and can be taken up again; the message says where what there is lies.</summary>
public sealed class RunInterruptedException(string message) : OperationCanceledException(message);
