/* Encoded images to and from pixels of four bytes: blue, green, red, alpha, the colours multiplied by alpha.
 * Every function returns 0, or -1 after writing a message; none ends the process or throws over the caller. */
#ifndef NOISY_IMAGE_H
#define NOISY_IMAGE_H

#include <stddef.h>
#include <stdint.h>

#define NOISY_EXPORT __attribute__((visibility("default")))

/* Images of more pixels are refused before anything is allocated for them. */
#define NOISY_MAX_PIXELS (1u << 28)

typedef struct {
    char *text;
    size_t size;
} noisy_error;

/* Width and height from the header. */
NOISY_EXPORT int noisy_image_size(const uint8_t *data, size_t length, int32_t *width, int32_t *height, char *error, size_t error_size);

/* All pixels; width and height must be those of the header. */
NOISY_EXPORT int noisy_image_decode(const uint8_t *data, size_t length, uint8_t *bgra, int32_t width, int32_t height, char *error, size_t error_size);

/* Encodes; the result is freed with noisy_image_free. red_first tells RGBA pixels from BGRA ones. */
NOISY_EXPORT int noisy_image_encode_jpeg(const uint8_t *pixels, int32_t width, int32_t height, int32_t red_first, int32_t quality,
                                         uint8_t **data, size_t *length, char *error, size_t error_size);
NOISY_EXPORT int noisy_image_encode_png(const uint8_t *pixels, int32_t width, int32_t height, int32_t red_first,
                                        uint8_t **data, size_t *length, char *error, size_t error_size);
NOISY_EXPORT void noisy_image_free(uint8_t *data);

int noisy_fail(noisy_error error, const char *message);
int noisy_check_size(uint64_t width, uint64_t height, noisy_error error);

int noisy_jpeg_size(const uint8_t *data, size_t length, int32_t *width, int32_t *height, noisy_error error);
int noisy_jpeg_decode(const uint8_t *data, size_t length, uint8_t *bgra, int32_t width, int32_t height, noisy_error error);
int noisy_png_size(const uint8_t *data, size_t length, int32_t *width, int32_t *height, noisy_error error);
int noisy_png_decode(const uint8_t *data, size_t length, uint8_t *bgra, int32_t width, int32_t height, noisy_error error);

#endif
