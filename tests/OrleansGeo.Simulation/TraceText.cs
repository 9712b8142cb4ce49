using System.Runtime.CompilerServices;

namespace OrleansGeo.Simulation;

/// <summary>A line of the trace, put together only when somebody reads it.</summary>
[InterpolatedStringHandler]
internal ref struct TraceText
{
    private DefaultInterpolatedStringHandler _text;
    private readonly bool _isOn;

    public TraceText(int literalLength, int formattedCount, ITraced source, out bool isOn)
    {
        _isOn = isOn = source.IsTracing;
        _text = isOn ? new(literalLength, formattedCount) : default;
    }

    public readonly string Text => _isOn ? _text.ToString() : "";

    public void AppendLiteral(string value) => _text.AppendLiteral(value);

    public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);
}
