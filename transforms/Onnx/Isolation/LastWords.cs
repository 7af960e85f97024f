using System.Text;

namespace NoisyNN.Transforms.Onnx.Isolation;

/// <summary>The end of what a process writes to standard error. All of it is read, so that the process never waits.</summary>
sealed class LastWords
{
    const int MostCharacters = 2048;

    readonly StringBuilder _text = new();
    readonly Task _reading;

    public LastWords(Stream error) => _reading = ReadAsync(error);

    /// <summary>The text, complete if the process has ended.</summary>
    public override string ToString()
    {
        _reading.Wait(TimeSpan.FromSeconds(1));
        lock (_text)
            return _text.ToString();
    }

    async Task ReadAsync(Stream error)
    {
        var bytes = new byte[1024];
        while (await error.ReadAsync(bytes) is > 0 and var count)
            lock (_text)
            {
                _text.Append(Encoding.UTF8.GetString(bytes, 0, count));
                if (_text.Length > MostCharacters)
                    _text.Remove(0, _text.Length - MostCharacters);
            }
    }
}
