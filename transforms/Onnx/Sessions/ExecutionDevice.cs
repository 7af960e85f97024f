using Microsoft.ML.OnnxRuntime;

namespace NoisyNN.Transforms.Onnx.Sessions;

/// <summary>Chooses between CPU and CUDA by ML.NET's <c>GpuDeviceId</c> and <c>FallbackToCpu</c>.</summary>
static class ExecutionDevice
{
    public const string Cpu = "CPU";

    /// <summary>Session options for the device, and its name: "CPU" or "CUDA 0".</summary>
    /// <param name="gpuDeviceId">The CUDA device; null for the CPU.</param>
    /// <param name="fallbackToCpu">Whether to use the CPU if CUDA is not available.</param>
    /// <param name="threadCount">Threads inside an operator; null leaves the choice to ONNX Runtime.</param>
    /// <param name="warn">Gets the reason if the CPU is used in place of CUDA.</param>
    /// <exception cref="InvalidOperationException">You asked for CUDA without fallback, and CUDA is not available.</exception>
    public static (SessionOptions Options, string Device) Select(
        int? gpuDeviceId,
        bool fallbackToCpu,
        int? threadCount,
        Action<string> warn
    )
    {
        if (gpuDeviceId is { } device)
        {
            var options = Options(threadCount);
            try
            {
                using var cuda = new OrtCUDAProviderOptions();
                cuda.UpdateOptions(new() { ["device_id"] = $"{device}" });
                options.AppendExecutionProvider_CUDA(cuda);
                return (options, $"CUDA {device}");
            }
            catch (Exception exception)
                when (exception is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException or NotSupportedException)
            {
                options.Dispose();
                var reason = $"ONNX Runtime cannot use CUDA device {device}: {Reason(exception)}";
                if (!fallbackToCpu)
                    throw new InvalidOperationException($"{reason} {Remedy}", exception);
                warn($"{reason} The CPU is used.");
            }
        }
        return (Options(threadCount), Cpu);
    }

    /// <summary>Why CUDA is not available on this machine, with the remedy; null if it is.</summary>
    public static string? ReasonAgainstCuda(int gpuDeviceId)
    {
        try
        {
            Select(gpuDeviceId, fallbackToCpu: false, threadCount: null, static _ => { }).Options.Dispose();
            return null;
        }
        catch (InvalidOperationException refused)
        {
            return refused.Message;
        }
    }

    const string Remedy =
        "Install CUDA 13 and cuDNN 9 with a GPU build of ONNX Runtime, "
        + "or compute on the CPU (MLContext.FallbackToCpu; leave out --gpu).";

    /// <summary>ONNX Runtime's message without its own file, line and function.</summary>
    static string Reason(Exception exception)
    {
        var text = exception.Message;
        var start = text.IndexOf("Failed to load library", StringComparison.Ordinal);
        return (start < 0 ? text : text[start..]).Trim().TrimEnd('.') + ".";
    }

    // Failures come back as exceptions with the same text; ONNX Runtime's own log would repeat them on standard error.
    public static SessionOptions Options(int? threadCount)
    {
        var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        if (threadCount is { } count)
            options.IntraOpNumThreads = count;
        // Threads wait for the next run asleep. Spinning, they took the processor from whatever decodes, answers or trains beside it.
        options.AddSessionConfigEntry("session.force_spinning_stop", "1");
        return options;
    }
}
