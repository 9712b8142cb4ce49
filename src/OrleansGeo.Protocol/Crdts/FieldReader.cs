using System.Text;

namespace OrleansGeo.Protocol.Crdts;

/// <summary>Reads what <see cref="FieldWriter"/> writes, and nothing that it would have written otherwise.</summary>
internal ref struct FieldReader(ReadOnlyMemory<byte> bytes)
{
    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly ReadOnlyMemory<byte> _bytes = bytes;
    private int _at;

    public byte Byte() => _at < _bytes.Length ? _bytes.Span[_at++] : throw Damaged();

    public bool Flag() => Byte() switch { 0 => false, 1 => true, _ => throw Damaged() };

    public long Number()
    {
        long value = 0;
        for (var shift = 0; shift < 63; shift += 7)
        {
            var part = Byte();
            value |= (long)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                // A last part of nothing is a longer way to write the same number.
                return part == 0 && shift > 0 ? throw Damaged() : value;
            }
        }

        throw Damaged();
    }

    public int Small()
    {
        var number = Number();
        return number <= int.MaxValue ? (int)number : throw Damaged();
    }

    /// <summary>A number of things of at least one byte each, so that a damaged one never makes room for what cannot be there.</summary>
    public int Count()
    {
        var count = Number();
        return count <= _bytes.Length - _at ? (int)count : throw Damaged();
    }

    public string Text()
    {
        var length = Count();
        try
        {
            var text = _strict.GetString(_bytes.Span.Slice(_at, length));
            _at += length;
            return text;
        }
        catch (DecoderFallbackException)
        {
            throw Damaged();
        }
    }

    public ReadOnlyMemory<byte> Rest()
    {
        var rest = _bytes[_at..];
        _at = _bytes.Length;
        return rest;
    }

    public readonly void End()
    {
        if (_at != _bytes.Length)
        {
            throw Damaged();
        }
    }

    public static FormatException Damaged() => new("A CRDT field ends early or is not written as this version writes it.");
}
