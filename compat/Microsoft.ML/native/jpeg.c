#include "image.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>
#include <jerror.h>

/* A progressive file may hold thousands of scans over the whole image; no camera writes more than a few dozen. */
#define MAX_SCANS 500

typedef struct {
    struct jpeg_error_mgr manager;
    jmp_buf exit;
    noisy_error error;
    int damaged;
} jpeg_errors;

static void on_error(j_common_ptr info) {
    jpeg_errors *errors = (jpeg_errors *)info->err;
    char message[JMSG_LENGTH_MAX];
    info->err->format_message(info, message);
    noisy_fail(errors->error, message);
    longjmp(errors->exit, 1);
}

/* Some warnings mean that pixels are made up; then the file is refused rather than trained on. */
static void on_message(j_common_ptr info, int level) {
    jpeg_errors *errors = (jpeg_errors *)info->err;
    if (level >= 0)
        return;
    switch (info->err->msg_code) {
    case JWRN_JPEG_EOF:
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_MUST_RESYNC:
        if (!errors->damaged) {
            char message[JMSG_LENGTH_MAX];
            info->err->format_message(info, message);
            noisy_fail(errors->error, message);
        }
        errors->damaged = 1;
        break;
    default:
        break;
    }
}

static void on_progress(j_common_ptr info) {
    if (info->is_decompressor && ((j_decompress_ptr)info)->input_scan_number > MAX_SCANS) {
        noisy_fail(((jpeg_errors *)info->err)->error, "the JPEG file has too many scans");
        longjmp(((jpeg_errors *)info->err)->exit, 1);
    }
}

static void catch_errors(jpeg_errors *errors, noisy_error error) {
    jpeg_std_error(&errors->manager);
    errors->manager.error_exit = on_error;
    errors->manager.emit_message = on_message;
    errors->error = error;
    errors->damaged = 0;
}

int noisy_jpeg_size(const uint8_t *data, size_t length, int32_t *width, int32_t *height, noisy_error error) {
    struct jpeg_decompress_struct info;
    jpeg_errors errors;
    catch_errors(&errors, error);
    info.err = &errors.manager;
    if (setjmp(errors.exit)) {
        jpeg_destroy_decompress(&info);
        return -1;
    }
    jpeg_create_decompress(&info);
    jpeg_mem_src(&info, data, length);
    jpeg_read_header(&info, TRUE);
    int result = noisy_check_size(info.image_width, info.image_height, error);
    *width = (int32_t)info.image_width;
    *height = (int32_t)info.image_height;
    jpeg_destroy_decompress(&info);
    return result;
}

/* Adobe writes CMYK inverted, others do not. */
static void cmyk_to_bgra(uint8_t *row, int32_t width, int inverted) {
    for (int32_t x = 0; x < width; x++, row += 4) {
        unsigned c = row[0], m = row[1], y = row[2], k = row[3];
        if (!inverted) {
            c = 255 - c;
            m = 255 - m;
            y = 255 - y;
            k = 255 - k;
        }
        row[0] = (uint8_t)((y * k + 127) / 255);
        row[1] = (uint8_t)((m * k + 127) / 255);
        row[2] = (uint8_t)((c * k + 127) / 255);
        row[3] = 255;
    }
}

int noisy_jpeg_decode(const uint8_t *data, size_t length, uint8_t *bgra, int32_t width, int32_t height, noisy_error error) {
    struct jpeg_decompress_struct info;
    struct jpeg_progress_mgr progress = {0};
    jpeg_errors errors;
    catch_errors(&errors, error);
    info.err = &errors.manager;
    if (setjmp(errors.exit)) {
        jpeg_destroy_decompress(&info);
        return -1;
    }
    jpeg_create_decompress(&info);
    progress.progress_monitor = on_progress;
    info.progress = &progress;
    jpeg_mem_src(&info, data, length);
    jpeg_read_header(&info, TRUE);
    if (noisy_check_size(info.image_width, info.image_height, error)
        || (info.image_width != (JDIMENSION)width || info.image_height != (JDIMENSION)height)) {
        jpeg_destroy_decompress(&info);
        return noisy_fail(error, "the image does not have the size of its header");
    }
    int cmyk = info.jpeg_color_space == JCS_CMYK || info.jpeg_color_space == JCS_YCCK;
    info.out_color_space = cmyk ? JCS_CMYK : JCS_EXT_BGRA;
    jpeg_start_decompress(&info);
    while (info.output_scanline < info.output_height) {
        uint8_t *row = bgra + (size_t)info.output_scanline * (size_t)width * 4;
        if (jpeg_read_scanlines(&info, &row, 1) == 1 && cmyk)
            cmyk_to_bgra(row, width, info.saw_Adobe_marker);
    }
    jpeg_finish_decompress(&info);
    jpeg_destroy_decompress(&info);
    return errors.damaged ? -1 : 0;
}

int noisy_image_encode_jpeg(const uint8_t *pixels, int32_t width, int32_t height, int32_t red_first, int32_t quality,
                            uint8_t **data, size_t *length, char *text, size_t size) {
    noisy_error error = {text, size};
    struct jpeg_compress_struct info;
    jpeg_errors errors;
    unsigned char *volatile buffer = NULL;
    unsigned long volatile used = 0;
    catch_errors(&errors, error);
    info.err = &errors.manager;
    if (setjmp(errors.exit)) {
        jpeg_destroy_compress(&info);
        free(buffer);
        return -1;
    }
    jpeg_create_compress(&info);
    jpeg_mem_dest(&info, (unsigned char **)&buffer, (unsigned long *)&used);
    info.image_width = (JDIMENSION)width;
    info.image_height = (JDIMENSION)height;
    info.input_components = 4;
    info.in_color_space = red_first ? JCS_EXT_RGBX : JCS_EXT_BGRX;
    jpeg_set_defaults(&info);
    jpeg_set_quality(&info, quality, TRUE);
    jpeg_start_compress(&info, TRUE);
    while (info.next_scanline < info.image_height) {
        JSAMPROW row = (JSAMPROW)(pixels + (size_t)info.next_scanline * (size_t)width * 4);
        jpeg_write_scanlines(&info, &row, 1);
    }
    jpeg_finish_compress(&info);
    jpeg_destroy_compress(&info);
    *data = buffer;
    *length = used;
    return 0;
}
