#include "image.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

typedef struct {
    const uint8_t *data;
    size_t length;
    size_t position;
} png_source;

typedef struct {
    uint8_t *data;
    size_t length;
    size_t capacity;
} png_sink;

static void on_error(png_structp png, png_const_charp message) {
    noisy_fail(*(noisy_error *)png_get_error_ptr(png), message);
    longjmp(png_jmpbuf(png), 1);
}

static void on_warning(png_structp png, png_const_charp message) {
    (void)png;
    (void)message;
}

static void read_source(png_structp png, png_bytep bytes, size_t count) {
    png_source *source = png_get_io_ptr(png);
    if (count > source->length - source->position)
        png_error(png, "Premature end of PNG file");
    memcpy(bytes, source->data + source->position, count);
    source->position += count;
}

static void write_sink(png_structp png, png_bytep bytes, size_t count) {
    png_sink *sink = png_get_io_ptr(png);
    if (count > sink->capacity - sink->length) {
        size_t capacity = sink->capacity * 2 + count;
        uint8_t *grown = realloc(sink->data, capacity);
        if (!grown)
            png_error(png, "Out of memory");
        sink->data = grown;
        sink->capacity = capacity;
    }
    memcpy(sink->data + sink->length, bytes, count);
    sink->length += count;
}

static void flush_sink(png_structp png) { (void)png; }

/* The signature is 8 bytes; then comes the header chunk: length, "IHDR", width, height. */
int noisy_png_size(const uint8_t *data, size_t length, int32_t *width, int32_t *height, noisy_error error) {
    if (length < 24 || memcmp(data + 12, "IHDR", 4) != 0)
        return noisy_fail(error, "Premature end of PNG file");
    uint32_t w = png_get_uint_32(data + 16);
    uint32_t h = png_get_uint_32(data + 20);
    *width = (int32_t)w;
    *height = (int32_t)h;
    return noisy_check_size(w, h, error);
}

static void premultiply(uint8_t *bgra, size_t pixels) {
    for (size_t i = 0; i < pixels; i++, bgra += 4) {
        unsigned alpha = bgra[3];
        if (alpha == 255)
            continue;
        for (int c = 0; c < 3; c++)
            bgra[c] = (uint8_t)((bgra[c] * alpha + 127) / 255);
    }
}

int noisy_png_decode(const uint8_t *data, size_t length, uint8_t *bgra, int32_t width, int32_t height, noisy_error error) {
    png_source source = {data, length, 0};
    png_infop volatile info = NULL;
    png_bytep *volatile rows = NULL;
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &error, on_error, on_warning);
    if (!png)
        return noisy_fail(error, "Out of memory");
    if (setjmp(png_jmpbuf(png))) {
        png_destroy_read_struct(&png, (png_infopp)&info, NULL);
        free(rows);
        return -1;
    }
    info = png_create_info_struct(png);
    if (!info)
        png_error(png, "Out of memory");
    png_set_read_fn(png, &source, read_source);
    png_set_user_limits(png, NOISY_MAX_PIXELS, NOISY_MAX_PIXELS);
    png_read_info(png, info);
    if (png_get_image_width(png, info) != (png_uint_32)width || png_get_image_height(png, info) != (png_uint_32)height
        || noisy_check_size((uint64_t)width, (uint64_t)height, error))
        png_error(png, "the image does not have the size of its header");

    /* Whatever is in the file, eight bits each of blue, green, red and alpha come out. */
    png_set_expand(png);
    png_set_scale_16(png);
    png_set_gray_to_rgb(png);
    png_set_bgr(png);
    png_set_filler(png, 255, PNG_FILLER_AFTER);
    int has_alpha = (png_get_color_type(png, info) & PNG_COLOR_MASK_ALPHA) || png_get_valid(png, info, PNG_INFO_tRNS);
    png_set_interlace_handling(png);
    png_read_update_info(png, info);
    if (png_get_rowbytes(png, info) != (size_t)width * 4)
        png_error(png, "the rows of the image have an unexpected length");

    rows = malloc((size_t)height * sizeof *rows);
    if (!rows)
        png_error(png, "Out of memory");
    for (int32_t y = 0; y < height; y++)
        rows[y] = bgra + (size_t)y * (size_t)width * 4;
    png_read_image(png, rows);
    png_read_end(png, NULL);
    png_destroy_read_struct(&png, (png_infopp)&info, NULL);
    free(rows);
    if (has_alpha)
        premultiply(bgra, (size_t)width * (size_t)height);
    return 0;
}

static void unpremultiply_row(const uint8_t *pixels, uint8_t *row, int32_t width) {
    for (int32_t x = 0; x < width; x++, pixels += 4, row += 4) {
        unsigned alpha = pixels[3];
        for (int c = 0; c < 3; c++) {
            unsigned value = alpha == 0 ? 0 : (pixels[c] * 255u + alpha / 2) / alpha;
            row[c] = (uint8_t)(value > 255 ? 255 : value);
        }
        row[3] = (uint8_t)alpha;
    }
}

int noisy_image_encode_png(const uint8_t *pixels, int32_t width, int32_t height, int32_t red_first,
                           uint8_t **data, size_t *length, char *text, size_t size) {
    noisy_error error = {text, size};
    png_sink sink = {NULL, 0, 0};
    png_infop volatile info = NULL;
    uint8_t *volatile row = NULL;
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &error, on_error, on_warning);
    if (!png)
        return noisy_fail(error, "Out of memory");
    if (setjmp(png_jmpbuf(png))) {
        png_destroy_write_struct(&png, (png_infopp)&info);
        free(row);
        free(sink.data);
        return -1;
    }
    info = png_create_info_struct(png);
    row = malloc((size_t)width * 4);
    if (!info || !row)
        png_error(png, "Out of memory");
    png_set_write_fn(png, &sink, write_sink, flush_sink);
    png_set_IHDR(png, info, (png_uint_32)width, (png_uint_32)height, 8, PNG_COLOR_TYPE_RGBA, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, info);
    if (!red_first)
        png_set_bgr(png);
    for (int32_t y = 0; y < height; y++) {
        unpremultiply_row(pixels + (size_t)y * (size_t)width * 4, row, width);
        png_write_row(png, row);
    }
    png_write_end(png, info);
    png_destroy_write_struct(&png, (png_infopp)&info);
    free(row);
    *data = sink.data;
    *length = sink.length;
    return 0;
}
